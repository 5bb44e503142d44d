import type { Segment } from '@arbor/schema/result';

/** What a value is called as a key of an answer (`query-api.md` 19.2): its text, and `undefined` where it is missing. */
export function segmentKey({ type, text }: Segment): string {
  if (type === 'not_set') return 'undefined';
  return type === 'empty_string' ? '' : text;
}

/**
 * Series by the keys of their segments. The number 5 and the text "5" have one key and are two segments: users may be
 * in both, so they are not added up; the second is told apart by its type.
 */
export function byKey<T extends { readonly segment: Segment | null }>(
  rows: readonly T[],
): Map<string, T> {
  const keyed = new Map<string, T>();
  for (const row of rows) {
    if (row.segment === null) continue;
    const key = segmentKey(row.segment);
    keyed.set(keyed.has(key) ? `${key} (${row.segment.type})` : key, row);
  }
  return keyed;
}
