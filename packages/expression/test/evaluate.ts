import type { EvaluationContext } from '../src/compilation.ts';
import { compileExpression } from '../src/compile-expression.ts';
import { parseApiExpression, parseFormula, type Expression } from '../src/expression.ts';
import { ExpressionError } from '../src/expression-error.ts';
import type { PropertySource } from '../src/ast.ts';
import type { Value, ValueObject } from '../src/value.ts';

/** What one row holds, by source. */
export type Row = Partial<Record<PropertySource, ValueObject>>;

/** 2024-03-12 16:22 in Berlin, where it is UTC+1. */
export const context: EvaluationContext = {
  nowMs: Date.UTC(2024, 2, 12, 15, 22),
  timezone: 'Europe/Berlin',
};

export function evaluate(expression: Expression, row: Row = {}, of = context): Value {
  return compileExpression(expression, of).evaluate(({ source, name }) => row[source]?.[name]);
}

/** The value of a custom property for an event with these properties. */
export function formula(text: string, properties: ValueObject = {}, of = context): Value {
  return evaluate(parseFormula(text), { properties }, of);
}

/** The value of an expression of the API for an event with these properties. */
export function api(text: string, properties: ValueObject = {}): Value {
  return evaluate(parseApiExpression(text), { properties });
}

/** The typed error of something that fails. */
export function errorOf(run: () => unknown): ExpressionError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
