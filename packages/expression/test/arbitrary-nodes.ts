import fc from 'fast-check';
import type { BindKind, CompareOperator, Node, PropertySource } from '../src/ast.ts';
import type { Dialect } from '../src/dialect.ts';
import { dateUnits, functionNames, functionShape, urlParts } from '../src/functions.ts';

const span = { start: 0, end: 0 };
const names = ['x', 'Y', 'price', 'sum', '_a1', 'größe'];
const patterns = ['a+', '(\\d+)-(?<n>x)', '"', '\\\\', ''];

/** Trees as a parser of the dialect makes them, without places. */
export function arbitraryNode(
  dialect: Dialect,
  depth = 4,
  scope: readonly string[] = [],
): fc.Arbitrary<Node> {
  const leaf = leaves(dialect, scope);
  if (depth === 0) return leaf;
  const inner = arbitraryNode(dialect, depth - 1, scope);
  const kinds: fc.Arbitrary<Node>[] = [
    leaf,
    inner.map((operand) => ({ type: 'not', operand, ...span })),
    inner.map((operand) => ({ type: 'negate', operand, ...span })),
    fc.record({
      type: fc.constantFrom('or' as const, 'and' as const),
      operands: fc.array(inner, { minLength: 2, maxLength: 3 }),
      ...constants(span),
    }),
    fc.record({
      type: fc.constant('compare' as const),
      operator: fc.constantFrom<CompareOperator>(
        ...(['==', '!=', '>', '>=', '<', '<='] as const),
        ...(dialect === 'report' ? [] : (['in'] as const)),
      ),
      left: inner,
      right: inner,
      ...constants(span),
    }),
    arithmetic('sum', ['+', '-'], inner),
    arithmetic('product', dialect === 'report' ? ['*', '/'] : ['*', '/', '%'], inner),
    fc.constantFrom(...callNames(dialect)).chain((name) => call(name, dialect, inner)),
  ];
  if (dialect === 'report') {
    kinds.push(
      fc
        .tuple(inner, inner)
        .map(([base, exponent]) => ({ type: 'power', base, exponent, ...span })),
    );
  } else {
    kinds.push(
      fc.array(inner, { maxLength: 3 }).map((items) => ({ type: 'list', items, ...span })),
      fc
        .tuple(inner, fc.array(inner, { minLength: 1, maxLength: 2 }))
        .map(([object, keys]) => ({ type: 'index', object, keys, ...span })),
    );
  }
  if (dialect === 'formula') kinds.push(bind(depth, scope, inner));
  return fc.oneof(...kinds);
}

function leaves(dialect: Dialect, scope: readonly string[]): fc.Arbitrary<Node> {
  const number = fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value): Node => ({ type: 'literal', value: value + 0, ...span }));
  if (dialect === 'report') {
    return fc.oneof(
      number,
      fc.nat(30).map((index): Node => ({ type: 'metric', index, ...span })),
    );
  }
  return fc.oneof(
    number,
    fc
      .oneof(
        fc.constantFrom(undefined, null, true, false),
        fc.string(),
        fc.string({ unit: 'binary' }),
      )
      .map((value): Node => ({ type: 'literal', value, ...span })),
    fc
      .tuple(
        fc.constantFrom<PropertySource[]>(
          ...(['properties', 'user', 'event'] as const),
          ...(dialect === 'api' ? (['behaviors'] as const) : []),
        ),
        fc.string(),
      )
      .map(([source, name]): Node => ({ type: 'property', source, name, ...span })),
    ...(scope.length === 0
      ? []
      : [fc.constantFrom(...scope).map((name): Node => ({ type: 'name', name, ...span }))]),
  );
}

const constants = <Fields extends Record<string, number>>(fields: Fields) => ({
  start: fc.constant(fields['start'] ?? 0),
  end: fc.constant(fields['end'] ?? 0),
});

function arithmetic<Operator extends '+' | '-' | '*' | '/' | '%'>(
  type: 'sum' | 'product',
  operators: readonly Operator[],
  inner: fc.Arbitrary<Node>,
): fc.Arbitrary<Node> {
  const step = fc.record({ operator: fc.constantFrom(...operators), operand: inner });
  return fc
    .tuple(inner, fc.array(step, { minLength: 1, maxLength: 3 }))
    .map(([first, rest]): Node => ({ type, first, rest, ...span }));
}

const bindKinds = ['let', 'any', 'all', 'filter', 'map'] as const satisfies readonly BindKind[];

const callNames = (dialect: Dialect): string[] =>
  functionNames(dialect).filter((name) => !bindKinds.some((kind) => kind === name));

function call(name: string, dialect: Dialect, inner: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  const shape = functionShape(name, dialect);
  if (shape === undefined) throw new Error(`no function ${name}`);
  const text = (values: readonly string[]): fc.Arbitrary<Node> =>
    fc.constantFrom(...values).map((value) => ({ type: 'literal', value, ...span }));
  const argument = (index: number): fc.Arbitrary<Node> => {
    if (index === 1 && (name === 'prev' || name === 'avg')) {
      return fc.integer({ min: 1, max: 9 }).map((value) => ({ type: 'literal', value, ...span }));
    }
    if (shape.pattern === index) return text(patterns);
    if (shape.choice?.argument !== index) return inner;
    return text(name === 'datedif' ? dateUnits : urlParts);
  };
  return fc
    .integer({ min: shape.argumentsMin, max: Math.min(shape.argumentsMax, shape.argumentsMin + 2) })
    .map((count) => (name === 'ifs' ? count - (count % 2) : count))
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => argument(i))))
    .map((args): Node => ({ type: 'call', name, args, ...span }));
}

function bind(
  depth: number,
  scope: readonly string[],
  inner: fc.Arbitrary<Node>,
): fc.Arbitrary<Node> {
  return fc
    .constantFrom(...names)
    .chain((name) =>
      fc
        .tuple(
          fc.constantFrom(...bindKinds),
          inner,
          arbitraryNode('formula', Math.min(1, depth - 1), [...scope, name]),
        )
        .map(([kind, value, body]): Node => ({ type: 'bind', kind, name, value, body, ...span })),
    );
}

/** The tree with every place set to 0. */
export function withoutPlaces(node: Node): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key === 'start' || key === 'end') return 0;
      return value === undefined ? '(undefined)' : value;
    }),
  );
}
