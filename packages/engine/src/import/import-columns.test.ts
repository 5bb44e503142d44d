import { expect, it } from 'vitest';
import { type ImportColumns, ImportColumnsWriter } from './import-columns.ts';

/** Two rows whose places count from those before. */
function twoRows(valueBase: number, insertIdBase: number): ImportColumns {
  return {
    rowCount: 2,
    times: Float64Array.of(1e12, 1e12 + 1),
    events: Uint32Array.of(0, 1),
    users: Uint32Array.of(2, 3),
    shapes: Uint32Array.of(4, 5),
    values: Uint32Array.of(6, 7, 8),
    valueStarts: Uint32Array.of(valueBase, valueBase + 1),
    insertIdBytes: Uint8Array.from(Buffer.from('abcde')),
    insertIdEnds: Uint32Array.of(insertIdBase + 2, insertIdBase + 5),
  };
}

it.each([0, 1, 100])('puts rows behind rows, with room for %i', (room) => {
  const columns = new ImportColumnsWriter(room);
  for (let i = 0; i < 30; i++) columns.append(twoRows(i * 3, i * 5));
  const written = columns.written();
  expect(written.rowCount).toBe(60);
  expect(written.times.slice(-2)).toEqual(Float64Array.of(1e12, 1e12 + 1));
  expect(Buffer.from(written.insertIdBytes).toString()).toBe('abcde'.repeat(30));
  for (const [column, ends] of [
    [written.events, [0, 1]],
    [written.users, [2, 3]],
    [written.shapes, [4, 5]],
    [written.values, [7, 8]],
    [written.valueStarts, [87, 88]],
    [written.insertIdEnds, [147, 150]],
  ] as const) {
    expect(Array.from(column).slice(-2)).toEqual(ends);
  }
  expect(written.values).toHaveLength(90);
});

it('begins anew after it was cleared', () => {
  const columns = new ImportColumnsWriter();
  columns.append(twoRows(0, 0));
  columns.clear();
  expect(columns.rowCount).toBe(0);
  columns.append(twoRows(0, 0));
  expect(columns.written()).toEqual(twoRows(0, 0));
});
