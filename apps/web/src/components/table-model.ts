/** What a cell sorts by; text is compared naturally ("2" before "10"), missing values come last. */
export type SortValue = string | number | null;

export type Sort = { readonly column: string; readonly descending: boolean };

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Sorted copy; rows that compare equal keep their order. */
export function sortRows<R>(
  rows: readonly R[],
  valueOf: (row: R) => SortValue,
  descending: boolean,
): readonly R[] {
  const direction = descending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const a = valueOf(left);
    const b = valueOf(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return (a - b) * direction;
    return collator.compare(String(a), String(b)) * direction;
  });
}

/** A click on a header: largest first for numbers, then smallest first, then the given order again. */
export function nextSort(sort: Sort | null, column: string, numeric: boolean): Sort | null {
  if (sort?.column !== column) return { column, descending: numeric };
  return sort.descending === numeric ? { column, descending: !numeric } : null;
}
