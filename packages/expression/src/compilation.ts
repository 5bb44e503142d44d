import type { Node, PropertyReference } from './ast.ts';
import type { Equals } from './equality.ts';
import type { LocalDays } from './local-days.ts';
import type { Value } from './value.ts';
import type { WorkBudget } from './work-budget.ts';

/** What "now" and "day" mean in a query. */
export interface EvaluationContext {
  /** The query's clock, in ms since 1970: one moment for all rows. */
  readonly nowMs: number;
  /** The project's zone, such as Europe/Berlin. */
  readonly timezone: string;
}

/**
 * Gives the value of a property of the current row. `slot` is the position of the reference in
 * `CompiledExpression.references`, for readers that keep columns in an array.
 */
export type PropertyReader = (reference: PropertyReference, slot: number) => Value;

export type Evaluate = () => Value;

/** What the parts of one compiled expression share. */
export interface Compilation {
  readonly dialect: 'formula' | 'api';
  readonly context: EvaluationContext;
  readonly days: LocalDays;
  readonly budget: WorkBudget;
  readonly equals: Equals;
  /** Values of the names of `let` and loops, while evaluating. */
  readonly locals: Value[];
  /** The place in `locals` of each name in scope, the innermost last. */
  readonly scope: { readonly name: string; readonly local: number }[];
  readonly compile: (node: Node) => Evaluate;
}

/** A name in scope for as long as `compileBody` runs; `local` is its place in `locals`. */
export function withName<Result>(
  { scope }: Compilation,
  name: string,
  compileBody: (local: number) => Result,
): Result {
  const local = scope.length;
  scope.push({ name, local });
  const result = compileBody(local);
  scope.pop();
  return result;
}
