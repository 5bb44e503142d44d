import type { ListPoint } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';

/** A segment as the point of a list names it; null = the row over all. */
export type SegmentPoint = Extract<ListPoint, { segment: unknown }>['segment'];

/** The slot of the segment that a point names: 0 over all, −1 = nothing lies in it here. */
export function slotOfPoint(point: SegmentPoint, segments: readonly Segment[]): number {
  if (point === null) return 0;
  // A type that no segment has finds none.
  const wanted = segmentKey(point as Segment);
  return segments.findIndex((segment) => segmentKey(segment) === wanted);
}
