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

/** Text that tells two segments apart: 1 and "1" read the same and are two. */
export function segmentKey({ type, text }: Segment): string {
  return `${type}:${text}`;
}

/** The segment whose key it is: no type has a colon in its name. */
export function segmentOfKey(key: string): Segment {
  const colon = key.indexOf(':');
  return { type: key.slice(0, colon) as Segment['type'], text: key.slice(colon + 1) };
}
