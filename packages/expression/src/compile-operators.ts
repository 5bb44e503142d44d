import type {
  ArithmeticNode,
  ArithmeticOperator,
  IndexNode,
  LogicNode,
  NegateNode,
  Node,
  NotNode,
} from './ast.ts';
import type { Compilation, Evaluate } from './compilation.ts';
import { ExpressionError } from './expression-error.ts';
import { quotient, remainder } from './numbers.ts';
import { finite, isList, isObject, isTruthy, kindOf, type Value } from './value.ts';

/** `not x`: a missing value counts as false; the API has no answer for what is no boolean (`query-api.md` 19.2). */
export function compileNot({ compile, dialect }: Compilation, { operand }: NotNode): Evaluate {
  const inner = compile(operand);
  if (dialect === 'formula') return () => !isTruthy(inner());
  return () => {
    const value = inner();
    return typeof value === 'boolean' ? !value : value === undefined ? true : undefined;
  };
}

export function compileNegate({ compile }: Compilation, { operand }: NegateNode): Evaluate {
  const inner = compile(operand);
  return () => {
    const value = inner();
    return typeof value === 'number' ? 0 - value : undefined;
  };
}

/**
 * `and`, `or`. A formula takes every value as true or false and stops as soon as it knows. The API takes booleans and
 * missing values only and looks at every operand, so that a mistake does not hide behind the one before it.
 */
export function compileLogic(
  { compile, dialect }: Compilation,
  { type, operands }: LogicNode,
): Evaluate {
  const stop = type === 'or';
  if (dialect === 'formula') {
    const inner = operands.map(compile);
    return () => {
      for (const evaluate of inner) if (isTruthy(evaluate()) === stop) return stop;
      return !stop;
    };
  }
  const inner = operands.map((operand) => compileBoolean(compile(operand), operand, type));
  return () => {
    let result = !stop;
    for (const evaluate of inner) if (evaluate() === stop) result = stop;
    return result;
  };
}

function compileBoolean(evaluate: Evaluate, { start, end }: Node, operator: string): () => boolean {
  return () => {
    const value = evaluate();
    if (typeof value === 'boolean') return value;
    if (value === undefined) return false;
    const expected = `true, false or a missing value beside "${operator}"; boolean(…) makes one`;
    const found = `a value of type ${kindOf(value)}`;
    throw new ExpressionError('not-boolean', { start, end }, found, expected);
  };
}

/** Operators of one level, from left to right; one operand that does not fit makes the whole undefined. */
export function compileArithmetic(compilation: Compilation, node: ArithmeticNode): Evaluate {
  const { compile } = compilation;
  const first = compile(node.first);
  const steps = node.rest.map(({ operator, operand }) => ({
    apply: operation(compilation, operator),
    operand: compile(operand),
  }));
  return () => {
    let result = first();
    for (const { apply, operand } of steps) result = apply(result, operand());
    return result;
  };
}

function operation(
  { budget }: Compilation,
  operator: ArithmeticOperator,
): (left: Value, right: Value) => Value {
  if (operator === '+') {
    return (left, right) => {
      if (typeof left === 'number' && typeof right === 'number') return finite(left + right);
      if (typeof left !== 'string' || typeof right !== 'string') return undefined;
      budget.spendText(left.length + right.length);
      budget.allowText(left.length + right.length);
      return left + right;
    };
  }
  const calculate = numberOperations[operator];
  return (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? calculate(left, right) : undefined;
}

const numberOperations: Readonly<
  Record<Exclude<ArithmeticOperator, '+'>, (left: number, right: number) => number | undefined>
> = {
  '-': (left, right) => finite(left - right),
  '*': (left, right) => finite(left * right),
  '/': quotient,
  '%': remainder,
};

/** Items of a list by number from 0, values of an object by key; undefined for what is not there. */
export function compileIndex({ compile }: Compilation, { object, keys }: IndexNode): Evaluate {
  const inner = compile(object);
  const path = keys.map(compile);
  return () => {
    let value = inner();
    for (const key of path) value = itemOf(value, key());
    return value;
  };
}

function itemOf(value: Value, key: Value): Value {
  if (isList(value)) return typeof key === 'number' ? value[key] : undefined;
  if (!isObject(value) || typeof key !== 'string') return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
