import type { CompareNode, Node } from './ast.ts';
import type { Compilation, Evaluate } from './compilation.ts';
import { isList, type Value } from './value.ts';

/** Both sides, compiled once: compiling a side again for each use would double with each level of nesting. */
interface Sides {
  readonly left: Evaluate;
  readonly right: Evaluate;
}

/** Comparisons (`query-api.md` 19.2). */
export function compileCompare(compilation: Compilation, node: CompareNode): Evaluate {
  const sides = { left: compilation.compile(node.left), right: compilation.compile(node.right) };
  switch (node.operator) {
    case '==':
      return compileEquals(compilation, node, sides);
    case '!=': {
      const equals = compileEquals(compilation, node, sides);
      return () => !equals();
    }
    case 'in':
      return compileIn(compilation, node, sides);
    case '>':
      return ofNumbers(sides, (a, b) => a > b);
    case '>=':
      return ofNumbers(sides, (a, b) => a >= b);
    case '<':
      return ofNumbers(sides, (a, b) => a < b);
    case '<=':
      return ofNumbers(sides, (a, b) => a <= b);
  }
}

function ofNumbers({ left, right }: Sides, compare: (a: number, b: number) => boolean): Evaluate {
  return () => {
    const [a, b] = [left(), right()];
    return typeof a === 'number' && typeof b === 'number' ? compare(a, b) : undefined;
  };
}

function compileEquals(
  compilation: Compilation,
  node: CompareNode,
  { left, right }: Sides,
): () => boolean {
  const { equals } = compilation;
  // The usual case, a property beside a constant, needs no look at the constant's case for each row.
  if (node.right.type === 'literal') return equalsConstant(compilation, left, node.right.value);
  return () => equals(left(), right());
}

function equalsConstant(
  { dialect, budget }: Compilation,
  evaluate: Evaluate,
  constant: Value,
): () => boolean {
  if (dialect === 'api' || typeof constant !== 'string') return () => evaluate() === constant;
  const lower = constant.toLowerCase();
  return () => {
    const value = evaluate();
    if (typeof value !== 'string') return false;
    if (value === constant) return true;
    budget.spendText(value.length);
    return value.toLowerCase() === lower;
  };
}

/** A part of a text, or an item of a list; undefined for anything else. */
function compileIn(compilation: Compilation, node: CompareNode, { left, right }: Sides): Evaluate {
  const { equals, budget } = compilation;
  const constants = node.right.type === 'list' ? literalsOf(node.right.items) : undefined;
  if (constants !== undefined) return isConstant(compilation, left, constants);
  return () => {
    const [part, whole] = [left(), right()];
    if (isList(whole)) {
      budget.spend(whole.length);
      return whole.some((item) => equals(part, item));
    }
    if (typeof part !== 'string' || typeof whole !== 'string') return undefined;
    budget.spendText(part.length + whole.length);
    return whole.includes(part);
  };
}

/** One look-up a row, however long the list of constants is. */
function isConstant(
  { dialect, budget }: Compilation,
  evaluate: Evaluate,
  constants: readonly Value[],
): Evaluate {
  const keyOf = (value: Value): Value =>
    dialect === 'formula' && typeof value === 'string' ? value.toLowerCase() : value;
  const keys = new Set<Value>(constants.map(keyOf));
  return () => {
    const value = evaluate();
    if (typeof value === 'string') budget.spendText(value.length);
    // Lists and objects are equal to no constant, and a set compares them by identity.
    return keys.has(keyOf(value));
  };
}

function literalsOf(nodes: readonly Node[]): Value[] | undefined {
  const values = nodes.flatMap((node) => (node.type === 'literal' ? [node.value] : []));
  return values.length === nodes.length ? values : undefined;
}
