import type { Segment } from '@arbor/schema/result';
import { segmentKey } from './segment-groups.ts';

/** A segment with the number it is ranked by (3.8). */
export interface Ranked {
  readonly segment: Segment;
  /** Null = has no value: comes last. */
  readonly rank: number | null;
}

type Segmented = Pick<Ranked, 'segment'>;

/** The best `max` segments, greatest rank first; ties by name, so that an answer is always the same. */
export function bestSegments<T extends Ranked>(segments: readonly T[], max: number): T[] {
  if (segments.length <= max) return segments.toSorted(compareRanked);
  // Names are compared only where they may decide: of ten thousand segments a handful comes back.
  const ranks = Float64Array.from(segments, rankOf).sort();
  const least = ranks[ranks.length - max];
  return segments
    .filter((segment) => rankOf(segment) >= least)
    .toSorted(compareRanked)
    .slice(0, max);
}

/**
 * The segments that come back: those that are named, in their order and also where nothing lies in them (`none`), or
 * else the best.
 */
export function listedSegments<T extends Ranked>(
  all: readonly T[],
  { segments, segmentsMax }: { segments?: readonly Segment[] | undefined; segmentsMax: number },
  none: (segment: Segment) => T,
): T[] {
  if (segments === undefined) return bestSegments(all, segmentsMax);
  const byKey = new Map(all.map((own) => [segmentKey(own.segment), own]));
  return segments.map((segment) => byKey.get(segmentKey(segment)) ?? none(segment));
}

/** Whether there are segments that do not come back. */
export function leavesOut(all: readonly Segmented[], listed: readonly Segmented[]): boolean {
  const keys = new Set(listed.map(({ segment }) => segmentKey(segment)));
  return all.some(({ segment }) => !keys.has(segmentKey(segment)));
}

const rankOf = ({ rank }: Ranked): number => rank ?? -Infinity;

function compareRanked(left: Ranked, right: Ranked): number {
  const leftRank = rankOf(left);
  const rightRank = rankOf(right);
  if (leftRank !== rightRank) return leftRank > rightRank ? -1 : 1;
  return (
    compareText(left.segment.text, right.segment.text) ||
    compareText(left.segment.type, right.segment.type) ||
    // "a / b" and "c" read like "a" and "b / c".
    compareText(segmentKey(left.segment), segmentKey(right.segment))
  );
}

/** By code unit: the same everywhere, whatever the locale. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
