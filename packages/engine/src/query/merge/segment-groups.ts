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
      // The type is part of the key: 1 and "1" are two segments that read the same.
      const key = `${segment.type}:${segment.text}`;
      const group = groups.get(key);
      if (group) group.cells.push(cells);
      else groups.set(key, { segment, cells: [cells] });
    }
  }
  return [...groups.values()];
}
