import { expect, it } from 'vitest';
import { gatherColumn, narrowCodes } from './gather-column.ts';

const sources = (parts: readonly number[], rows: readonly number[]) =>
  ({ type: 'rows', parts: Uint8Array.from(parts), rows: Uint32Array.from(rows) }) as const;

it('unites dictionaries and keeps types apart', () => {
  const columns = [
    { codes: Uint8Array.of(1, 2, 0), values: [null, '1', 1] },
    undefined,
    { codes: Uint16Array.of(2, 1), values: [null, 1, true, 'unused'] },
  ];
  const column = gatherColumn(columns, 5, sources([2, 0, 1, 0, 2], [0, 0, 0, 2, 1]));
  expect(column).toEqual({
    codes: Uint8Array.of(3, 1, 0, 0, 2),
    values: [null, '1', 1, true],
  });
});

it('passes the column of the only part on', () => {
  const column = { codes: Uint8Array.of(1), values: [null, 'x'] };
  expect(gatherColumn([undefined, column], 1, { type: 'part', part: 1 })).toBe(column);
});

it('knows that no row has the property', () => {
  expect(gatherColumn([undefined], 1, { type: 'part', part: 0 })).toBeUndefined();
  const empty = { codes: Uint8Array.of(0), values: [null, 'x'] };
  expect(gatherColumn([empty, undefined], 2, sources([0, 1], [0, 0]))).toBeUndefined();
});

it('takes the narrowest array that holds the codes', () => {
  expect(narrowCodes(256, 2)).toEqual(new Uint8Array(2));
  expect(narrowCodes(257, 2)).toEqual(new Uint16Array(2));
  expect(narrowCodes(65_536, 2)).toEqual(new Uint16Array(2));
  expect(narrowCodes(65_537, 2)).toEqual(new Uint32Array(2));
});
