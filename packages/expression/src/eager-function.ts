import type { CallNode } from './ast.ts';
import type { Compilation } from './compilation.ts';
import type { Value } from './value.ts';

/**
 * A function of at most three values. It is bound once to its call, whose arguments may be constants that it
 * prepares, and then applied to each row; an argument that was left out is undefined.
 */
export type EagerFunction = (
  compilation: Compilation,
  call: CallNode,
) => (first: Value, second: Value, third: Value) => Value;

/** A constant argument, of which the parser has checked that it is a text. */
export function constantText({ name, args }: CallNode, index: number): string {
  const argument = args[index];
  if (argument?.type === 'literal' && typeof argument.value === 'string') return argument.value;
  throw new TypeError(`argument ${index} of ${name} is not a text`);
}

export function ofNumber(calculate: (number: number) => Value): EagerFunction {
  return () => (value) => (typeof value === 'number' ? calculate(value) : undefined);
}
