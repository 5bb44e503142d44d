import type { Segment } from '@arbor/schema/result';
import type { SegmentCells } from './partial.ts';

export interface SegmentGroup<T> {
  readonly segment: Segment;
  readonly cells: readonly T[];
}

/** Brings the cells of each segment together, whichever shards they come from. */
export function groupSegments<T>(
  lists: readonly (readonly SegmentCells<T>[])[],
): SegmentGroup<T>[] {
  const groups = new Map<string, { segment: Segment; cells: T[] }>();
  for (const list of lists) {
    for (const { segment, cells } of list) {
      const key = segmentKey(segment);
      const group = groups.get(key);
      if (group) group.cells.push(cells);
      else groups.set(key, { segment, cells: [cells] });
    }
  }
  return [...groups.values()];
}

/** One list of several, of users and days that do not overlap. */
export function combineSegments<T>(
  lists: readonly (readonly SegmentCells<T>[])[],
  combine: (cells: readonly T[]) => T,
): SegmentCells<T>[] {
  return groupSegments(lists).map(({ segment, cells }) => ({
    segment,
    cells: cells.length === 1 ? cells[0] : combine(cells),
  }));
}

/** Text that tells two segments apart: 1 and "1" read the same and are two. */
export function segmentKey({ type, text, parts }: Segment): string {
  return `${type}:${parts === undefined ? text : JSON.stringify(parts.map(segmentKey))}`;
}

/** The segment whose key it is: no type has a colon in its name. */
export function segmentOfKey(key: string): Segment {
  const colon = key.indexOf(':');
  const type = key.slice(0, colon) as Segment['type'];
  const text = key.slice(colon + 1);
  if (type !== 'combination') return { type, text };
  return combinationOf((JSON.parse(text) as string[]).map(segmentOfKey));
}

/** The segment of several breakdowns: one part for each (3.7). */
export function combinationOf(segments: readonly Segment[]): Segment {
  return {
    type: 'combination',
    text: segments.map(({ text }) => text).join(' / '),
    parts: segments.map(({ type, text }) => ({ type, text })),
  };
}
