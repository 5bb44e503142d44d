import { expect, test } from 'vitest';
import { LineTable } from './line-table.ts';

test.each([
  ['few pairs', 4, 10],
  ['more pairs than a table of all of them may have', 2_000_000, 367],
])('numbers pairs as they come: %s', (_, slotCount, groupCount) => {
  const table = new LineTable(slotCount, groupCount);
  expect([table.line(3, 7), table.line(0, 9), table.line(3, 7), table.line(3, 2)]).toEqual([
    0, 1, 0, 2,
  ]);
  expect(table.count).toBe(3);
  expect(table.bySlot(4)).toEqual([[1], [], [], [2, 0]]);
});
