import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';

/** The numbers of one row of a report. */
export interface Line {
  /** By bucket. */
  readonly values: readonly (number | null)[];
  readonly total: number | null;
}

/** What one metric comes to in one span of time. */
export interface MetricTable {
  readonly overall: Line;
  /** Best first. */
  readonly segments: readonly { readonly segment: Segment; readonly line: Line }[];
  /** Lines of segments that some buckets have and the whole does not: none of the metric's own, but of its numbers. */
  readonly inBuckets?: readonly { readonly segment: Segment; readonly line: Line }[];
  /** Some of the segments came without their buckets, which come where all segments are asked for. */
  readonly lacksLines?: boolean;
  /** What lies in any other segment, where it was asked for and there is one. */
  readonly other: Line | null;
  /** How many there are in all. */
  readonly segmentCount: number;
  /** A metric without segments, as the size of a cohort: its number stands for each segment of the others. */
  readonly isUnsegmented: boolean;
}

/** Whether there are segments that did not come back. */
export function isCut({ segments, segmentCount }: MetricTable): boolean {
  return segmentCount > segments.length;
}

export function lineOf(table: MetricTable, segment: Segment): Line | undefined {
  if (table.isUnsegmented) return table.overall;
  const key = segmentKey(segment);
  return lineByKey(table).get(key);
}

const linesByTable = new WeakMap<MetricTable, Map<string, Line>>();

function lineByKey(table: MetricTable): Map<string, Line> {
  const all = (): MetricTable['segments'] => [...(table.inBuckets ?? []), ...table.segments];
  const known =
    linesByTable.get(table) ??
    new Map(all().map(({ segment, line }) => [segmentKey(segment), line]));
  linesByTable.set(table, known);
  return known;
}

/** A line of nothing. */
export function emptyLine(bucketCount: number, empty: number | null): Line {
  return { values: Array.from({ length: bucketCount }, () => empty), total: empty };
}
