import { isDeepStrictEqual } from 'node:util';

/** One place at which an answer is not what a case expects. */
export interface Difference {
  /** As `perSegment.Chrome`, `cohorts[2].counts`. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Where two values differ. Rows of numbers are given whole, because one of them alone says little. */
export function differences(expected: unknown, actual: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (
    isList(expected) &&
    isList(actual) &&
    expected.length === actual.length &&
    isNested(expected)
  ) {
    return expected.flatMap((own, i) => differences(own, actual[i], `${path}[${i}]`));
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) =>
      differences(expected[name], actual[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return [{ path, expected, actual }];
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNested = (list: readonly unknown[]): boolean =>
  list.every((own) => typeof own === 'object' && own !== null);
