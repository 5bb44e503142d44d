import type { FunnelQuery } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';

type Segmented = { readonly segment: Segment };
type Limits = Pick<FunnelQuery, 'segmentsMax' | 'segments' | 'otherSegment'>;

/**
 * The segments of a report beside those of another time: its own, and then, where none of these were left out, what
 * only the other time has (3.9).
 */
export function unitedSegments(
  { segmentsMax, segments }: Limits,
  now: readonly Segmented[],
  then: readonly Segmented[],
): Segment[] {
  if (segments !== undefined) return segments;
  const own = namedOnes(now);
  if (own.length >= segmentsMax || own.length < now.length) return own;
  const keys = new Set(own.map(segmentKey));
  const onlyThen = namedOnes(then).filter((segment) => !keys.has(segmentKey(segment)));
  return [...own, ...onlyThen].slice(0, segmentsMax);
}

/** Whether an answer lacks some of these segments, or has others in the place of the row of all others. */
export function lacksSegments(
  { otherSegment }: Limits,
  segments: readonly Segment[],
  answered: readonly Segmented[],
): boolean {
  const has = new Set(namedOnes(answered).map(segmentKey));
  const wanted = new Set(segments.map(segmentKey));
  const isMissing = [...wanted].some((key) => !has.has(key));
  return isMissing || (otherSegment && [...has].some((key) => !wanted.has(key)));
}

/** These segments in their order, and all others where they came. */
export function inOrder<T extends Segmented>(
  segments: readonly Segment[],
  answered: readonly T[],
): T[] {
  const byKey = new Map(answered.map((own) => [segmentKey(own.segment), own]));
  const other = answered.filter(({ segment }) => segment.type === 'other');
  return [...segments.flatMap((segment) => byKey.get(segmentKey(segment)) ?? []), ...other];
}

function namedOnes(all: readonly Segmented[]): Segment[] {
  return all.flatMap(({ segment }) => (segment.type === 'other' ? [] : [segment]));
}
