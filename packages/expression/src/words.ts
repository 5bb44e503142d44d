import type { ArithmeticOperator, CompareOperator, PropertySource } from './ast.ts';
import type { Dialect } from './dialect.ts';

/** How tightly each kind of operator binds (`query-api.md` 19.1), the loosest first. */
export const levels = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  sum: 5,
  product: 6,
  negate: 7,
  power: 8,
  index: 9,
  atom: 10,
} as const;

export type Infix =
  | { readonly type: 'or' | 'and' }
  | { readonly type: 'compare'; readonly operator: CompareOperator }
  | { readonly type: 'sum' | 'product'; readonly operator: ArithmeticOperator }
  | { readonly type: 'power' };

export const symbolInfixes: ReadonlyMap<string, Infix> = new Map<string, Infix>([
  ...(['==', '!=', '>', '>=', '<', '<='] as const).map(
    (operator) => [operator, { type: 'compare', operator }] as const,
  ),
  ...(['+', '-'] as const).map((operator) => [operator, { type: 'sum', operator }] as const),
  ...(['*', '/', '%'] as const).map(
    (operator) => [operator, { type: 'product', operator }] as const,
  ),
  ['^', { type: 'power' }],
]);

/** By name in lower case. */
export const wordInfixes: ReadonlyMap<string, Infix> = new Map<string, Infix>([
  ['or', { type: 'or' }],
  ['and', { type: 'and' }],
  ['in', { type: 'compare', operator: 'in' }],
]);

/** Words that cannot name a value, in lower case. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...wordInfixes.keys(),
  'not',
  'true',
  'false',
  'null',
  'undefined',
]);

const propertySources: Readonly<Record<Dialect, readonly PropertySource[]>> = {
  formula: ['properties', 'user', 'event'],
  // Behaviours belong to one query of profiles, so a saved formula cannot know them (`query-api.md` 8.3).
  api: ['properties', 'user', 'event', 'behaviors'],
  report: [],
};

/** The place of properties that a word, in lower case, names. */
export function propertySource(word: string, dialect: Dialect): PropertySource | undefined {
  return propertySources[dialect].find((source) => source === word);
}
