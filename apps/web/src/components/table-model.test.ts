import { describe, expect, it } from 'vitest';
import { nextSort, sortRows } from './table-model.ts';

describe('sortRows', () => {
  it('sorts text naturally and numbers by size, missing values last both ways', () => {
    expect(sortRows(['item 10', 'item 2'], (row) => row, false)).toEqual(['item 2', 'item 10']);
    expect(sortRows([2, null, 10], (row) => row, false)).toEqual([2, 10, null]);
    expect(sortRows([2, null, 10], (row) => row, true)).toEqual([10, 2, null]);
  });

  it('keeps the order of equal rows', () => {
    const rows = [
      { name: 'a', n: 1 },
      { name: 'b', n: 1 },
    ];
    expect(sortRows(rows, (row) => row.n, true)).toEqual(rows);
  });
});

describe('nextSort', () => {
  it('goes largest, smallest, unsorted for numbers', () => {
    const first = nextSort(null, 'total', true);
    expect(first).toEqual({ column: 'total', descending: true });
    const second = nextSort(first, 'total', true);
    expect(second).toEqual({ column: 'total', descending: false });
    expect(nextSort(second, 'total', true)).toBeNull();
  });

  it('starts ascending for text', () => {
    expect(nextSort(null, 'name', false)).toEqual({ column: 'name', descending: false });
  });
});
