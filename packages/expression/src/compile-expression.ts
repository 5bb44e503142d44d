import type { Node, PropertyNode, PropertyReference } from './ast.ts';
import type { Compilation, Evaluate, EvaluationContext, PropertyReader } from './compilation.ts';
import { compileBind } from './compile-bind.ts';
import { compileCall } from './compile-call.ts';
import { compileCompare } from './compile-compare.ts';
import {
  compileArithmetic,
  compileIndex,
  compileLogic,
  compileNegate,
  compileNot,
} from './compile-operators.ts';
import { equality } from './equality.ts';
import type { Expression } from './expression.ts';
import { LocalDays } from './local-days.ts';
import { referencedProperties } from './referenced-properties.ts';
import type { Value } from './value.ts';
import { WorkBudget } from './work-budget.ts';

export interface CompiledExpression {
  /** Every property that is read, each once. */
  readonly references: readonly PropertyReference[];
  /**
   * The value of one row. Not to be called from inside `read`. Throws ExpressionError `not-boolean` (dialect `api`)
   * or `too-much-work`; both depend on the row.
   */
  readonly evaluate: (read: PropertyReader) => Value;
}

/** Turns a tree into closures; nothing is ever made into code. Throws ExpressionError where a pattern is refused. */
export function compileExpression(
  { dialect, root }: Expression,
  context: EvaluationContext,
): CompiledExpression {
  const references = referencedProperties(root);
  const budget = new WorkBudget(root);
  const row: { read: PropertyReader } = { read: () => undefined };
  const compilation: Compilation = {
    dialect,
    context,
    days: new LocalDays(context.timezone),
    budget,
    equals: equality(dialect === 'formula', budget),
    locals: [],
    scope: [],
    compile: (node) =>
      node.type === 'property' ? compileProperty(node) : compileNode(compilation, node),
  };
  const compileProperty = ({ source, name }: PropertyNode): Evaluate => {
    const slot = references.findIndex((one) => one.source === source && one.name === name);
    const reference = { source, name };
    return () => row.read(reference, slot);
  };
  const evaluateRoot = compilation.compile(root);
  const evaluate = (read: PropertyReader): Value => {
    row.read = read;
    budget.refill();
    return evaluateRoot();
  };
  return { references, evaluate };
}

function compileNode(
  compilation: Compilation,
  node: Exclude<Node, { type: 'property' }>,
): Evaluate {
  switch (node.type) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(compilation, node.name);
    case 'list':
      return compileList(compilation, node.items);
    case 'index':
      return compileIndex(compilation, node);
    case 'call':
      return compileCall(compilation, node);
    case 'bind':
      return compileBind(compilation, node);
    case 'not':
      return compileNot(compilation, node);
    case 'negate':
      return compileNegate(compilation, node);
    case 'or':
    case 'and':
      return compileLogic(compilation, node);
    case 'compare':
      return compileCompare(compilation, node);
    case 'sum':
    case 'product':
      return compileArithmetic(compilation, node);
    case 'metric':
    case 'power':
      throw new TypeError(`a tree of dialect ${compilation.dialect} has no ${node.type}`);
  }
}

function compileName({ scope, locals }: Compilation, name: string): Evaluate {
  const local = scope.findLast((one) => one.name === name)?.local;
  if (local === undefined) throw new TypeError(`name "${name}" is not in scope`);
  return () => locals[local];
}

function compileList({ compile, budget }: Compilation, nodes: readonly Node[]): Evaluate {
  const items = nodes.map(compile);
  if (nodes.every(({ type }) => type === 'literal')) {
    const values = items.map((item) => item());
    return () => values;
  }
  return () => {
    budget.spend(items.length);
    return items.map((item) => item());
  };
}
