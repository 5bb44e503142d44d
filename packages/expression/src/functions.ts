import type { BindKind } from './ast.ts';
import type { Dialect } from './dialect.ts';

/** What a function gives when it gives a value at all. `argument`: what its arguments give, see `result-type.ts`. */
export type FunctionResult = 'boolean' | 'number' | 'string' | 'list' | 'date' | 'argument';

export interface FunctionShape {
  readonly dialects: readonly Dialect[];
  readonly argumentsMin: number;
  readonly argumentsMax: number;
  /** As an editor shows it. */
  readonly usage: string;
  readonly result: FunctionResult;
  /** The argument, counted from 0, that is one of these words, quoted or not, in any case. */
  readonly choice?: { readonly argument: number; readonly words: readonly string[] };
  /**
   * The argument that is a regular expression in quotes: it cannot be computed, so that it is checked before
   * anything is read.
   */
  readonly pattern?: number;
}

export const dateUnits = ['D', 'M', 'Y', 'MD', 'YM', 'YD'] as const;
export type DateUnit = (typeof dateUnits)[number];

export const urlParts = ['domain', 'full_domain'] as const;
export type UrlPart = (typeof urlParts)[number];

/** The loop or `let` of that name, which is in lower case. */
export function bindKind(word: string): BindKind | undefined {
  return bindKinds.find((kind) => kind === word);
}

const bindKinds: readonly BindKind[] = ['let', 'any', 'all', 'filter', 'map'];

const formula: readonly Dialect[] = ['formula'];
const api: readonly Dialect[] = ['api'];
const report: readonly Dialect[] = ['report'];
const ofRows: readonly Dialect[] = ['formula', 'api'];
const formulaAndReport: readonly Dialect[] = ['formula', 'report'];
const everywhere: readonly Dialect[] = ['formula', 'api', 'report'];

/** Functions of one value after another (`reports.md` 14.3, `query-api.md` 19.1). */
const valueFunctions = {
  boolean: shape(ofRows, 1, 1, 'boolean(value)', 'boolean'),
  number: shape(ofRows, 1, 1, 'number(value)', 'number'),
  string: shape(ofRows, 1, 1, 'string(value)', 'string'),
  datetime: shape(ofRows, 1, 1, 'datetime(value)', 'date'),
  defined: shape(ofRows, 1, 1, 'defined(value)', 'boolean'),
  typeof: shape(ofRows, 1, 1, 'typeof(value)', 'string'),
  floor: shape(everywhere, 1, 1, 'floor(number)', 'number'),
  ceil: shape(everywhere, 1, 1, 'ceil(number)', 'number'),
  round: shape(formulaAndReport, 1, 2, 'round(number, digits?)', 'number'),
  if: shape(formulaAndReport, 3, 3, 'if(condition, then, else)', 'argument'),
  ifs: shape(formula, 2, Infinity, 'ifs(condition, value, …)', 'argument'),
  min: shape(formulaAndReport, 2, Infinity, 'min(number, number, …)', 'number'),
  max: shape(formulaAndReport, 2, Infinity, 'max(number, number, …)', 'number'),
  upper: shape(formula, 1, 1, 'upper(text)', 'string'),
  lower: shape(formula, 1, 1, 'lower(text)', 'string'),
  len: shape(formula, 1, 1, 'len(text or list)', 'number'),
  left: shape(formula, 2, 2, 'left(text, count)', 'string'),
  right: shape(formula, 2, 2, 'right(text, count)', 'string'),
  mid: shape(ofRows, 3, 3, 'mid(text, first, count)', 'string'),
  split: shape(formula, 2, 3, 'split(text, delimiter, n?)', 'argument'),
  has_prefix: shape(formula, 2, 2, 'has_prefix(text, prefix)', 'boolean'),
  has_suffix: shape(formula, 2, 2, 'has_suffix(text, suffix)', 'boolean'),
  parse_url: {
    ...shape(formula, 2, 2, 'parse_url(url, "domain" or "full_domain")', 'string'),
    choice: { argument: 1, words: urlParts },
  },
  regex_extract: {
    ...shape(formula, 2, 3, 'regex_extract(text, pattern, group?)', 'string'),
    pattern: 1,
  },
  regex_match: { ...shape(formula, 2, 2, 'regex_match(text, pattern)', 'boolean'), pattern: 1 },
  regex_replace: {
    ...shape(formula, 3, 3, 'regex_replace(text, pattern, replacement)', 'string'),
    pattern: 1,
  },
  datedif: {
    ...shape(formula, 3, 3, 'datedif(start, end, "D" "M" "Y" "MD" "YM" or "YD")', 'number'),
    choice: { argument: 2, words: dateUnits },
  },
  today: shape(formula, 0, 0, 'today()', 'date'),
  sum: shape(formula, 1, 1, 'sum(list)', 'number'),
} as const satisfies Readonly<Record<string, FunctionShape>>;

/** Functions of whole series (`ux.md` UX-M3), beside those above that reports know too. */
const seriesFunctions = {
  abs: shape(report, 1, 1, 'abs(x)', 'number'),
  sqrt: shape(report, 1, 1, 'sqrt(x)', 'number'),
  log: shape(report, 1, 1, 'log(x)', 'number'),
  ln: shape(report, 1, 1, 'ln(x)', 'number'),
  prev: shape(report, 1, 2, 'prev(x, n?)', 'number'),
  cum: shape(report, 1, 1, 'cum(x)', 'number'),
  avg: shape(report, 2, 2, 'avg(x, n)', 'number'),
} as const satisfies Readonly<Record<string, FunctionShape>>;

export type ValueFunction = keyof typeof valueFunctions;
export type SeriesFunction = keyof typeof seriesFunctions;

const functions: ReadonlyMap<string, FunctionShape> = new Map<string, FunctionShape>([
  ...Object.entries(valueFunctions),
  ...Object.entries(seriesFunctions),
]);

/** The API rounds to whole numbers only (`query-api.md` 19.1). */
const roundOfApi = shape(api, 1, 1, 'round(number)', 'number');

/** The function of that name, which is in lower case, or undefined where the dialect has none. */
export function functionShape(name: string, dialect: Dialect): FunctionShape | undefined {
  if (name === 'round' && dialect === 'api') return roundOfApi;
  const found = functions.get(name);
  return found?.dialects.includes(dialect) === true ? found : undefined;
}

/** The names an editor offers, in alphabetical order: functions and what names values. */
export function functionNames(dialect: Dialect): string[] {
  const names = [...functions.keys()].filter((name) => functionShape(name, dialect) !== undefined);
  return [...names, ...(dialect === 'formula' ? bindKinds : [])].toSorted();
}

export const bindUsages: Readonly<Record<BindKind, string>> = {
  let: 'let(name, value, expression)',
  any: 'any(name, list, condition)',
  all: 'all(name, list, condition)',
  filter: 'filter(name, list, condition)',
  map: 'map(name, list, expression)',
};

function shape<Result extends FunctionResult>(
  dialects: readonly Dialect[],
  argumentsMin: number,
  argumentsMax: number,
  usage: string,
  result: Result,
): FunctionShape & { readonly result: Result } {
  return { dialects, argumentsMin, argumentsMax, usage, result };
}
