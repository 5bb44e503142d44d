import { expect } from 'vitest';

/** Equal in everything, numbers up to what the order of additions may change. */
export function expectClose(actual: unknown, expected: unknown): void {
  expect(rounded(actual)).toEqual(rounded(expected));
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(11)) + 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, rounded(own)]));
}
