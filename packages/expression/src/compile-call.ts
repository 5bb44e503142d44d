import type { CallNode } from './ast.ts';
import type { Compilation, Evaluate } from './compilation.ts';
import { dateFunctions } from './date-functions.ts';
import type { EagerFunction } from './eager-function.ts';
import type { ValueFunction } from './functions.ts';
import { patternFunctions } from './pattern-functions.ts';
import { textFunctions } from './text-functions.ts';
import { isTruthy, type Value } from './value.ts';
import { valueFunctions } from './value-functions.ts';

type VariadicFunction = 'if' | 'ifs' | 'min' | 'max';

const eagerFunctions: Readonly<Record<Exclude<ValueFunction, VariadicFunction>, EagerFunction>> = {
  ...valueFunctions,
  ...textFunctions,
  ...patternFunctions,
  ...dateFunctions,
};

const variadicFunctions: Readonly<
  Record<VariadicFunction, (args: readonly Evaluate[]) => Evaluate>
> = {
  if: compileIfs,
  ifs: compileIfs,
  min: (args) => compileExtreme(args, Math.min),
  max: (args) => compileExtreme(args, Math.max),
};

/** The parser has checked that the function exists in this dialect and how many arguments it has. */
export function compileCall(compilation: Compilation, node: CallNode): Evaluate {
  const args = node.args.map(compilation.compile);
  if (isKeyOf(variadicFunctions, node.name)) return variadicFunctions[node.name](args);
  if (!isKeyOf(eagerFunctions, node.name)) {
    throw new TypeError(`function "${node.name}" is not one of dialect ${compilation.dialect}`);
  }
  const apply = eagerFunctions[node.name](compilation, node);
  const [first = missing, second = missing, third = missing] = args;
  return () => apply(first(), second(), third());
}

const missing: Evaluate = () => undefined;

function isKeyOf<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key);
}

/** Pairs of a condition and its value; a last argument alone is the value when no condition is true. */
function compileIfs(args: readonly Evaluate[]): Evaluate {
  return () => {
    for (let i = 0; i + 1 < args.length; i += 2) {
      if (isTruthy(args[i]?.())) return args[i + 1]?.();
    }
    return args.length % 2 === 1 ? args.at(-1)?.() : undefined;
  };
}

/** Undefined as soon as one argument is no number. */
function compileExtreme(
  args: readonly Evaluate[],
  choose: (a: number, b: number) => number,
): Evaluate {
  return () => {
    let result: Value;
    for (const [i, evaluate] of args.entries()) {
      const value = evaluate();
      if (typeof value !== 'number') return undefined;
      result = i === 0 || typeof result !== 'number' ? value : choose(result, value);
    }
    return result;
  };
}
