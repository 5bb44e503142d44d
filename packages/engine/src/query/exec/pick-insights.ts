import type { ListPoint } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import type { InsightsPlan, MeasurePlan } from '../plan/plan-types.ts';
import { decidingRows, inBucket, inRange } from './count-once.ts';
import { countedMetric } from './counted-metric.ts';
import type { CountedMetric } from './counted-metric.ts';
import { insightsInput } from './insights.ts';
import { rowSpans } from './measure-cells.ts';
import { numberEntries } from './number-segments.ts';
import type { Picked } from './picked.ts';
import { asNumber } from './property-cells.ts';
import type { RowContext } from './row-context.ts';
import { unsegmented } from './segments.ts';
import type { Entries } from './segments.ts';
import type { ShardView } from './shard-view.ts';
import { userNumbers } from './user-numbers.ts';

type InsightsPoint = Extract<ListPoint, { type: 'insights' }>;
type PerUserMeasure = Extract<MeasurePlan, { type: 'per_user' }>;

/**
 * Who and what is behind one number of an insights report (4.6): of a number of values the events that have one, of a
 * number of users these users with the events that make them count.
 */
export function pickInsights(plan: InsightsPlan, point: InsightsPoint, stored: ShardView): Picked {
  const metric = plan.metrics[point.metric];
  const input = insightsInput(plan, stored);
  const counted = countedMetric(metric, plan, input);
  const segment = meantBy(point);
  // Profiles are the same in every bucket.
  const bucket = metric.people === undefined ? point.bucket : null;
  const rows =
    counted.measure.type === 'per_user'
      ? rowsOfUsers(counted, counted.measure, segment, bucket)
      : countedRows(counted, segment, bucket);
  const users = usersOf(rows, counted.input.view);
  // Their rows are no events.
  if (metric.people !== undefined) return { view: input.view, users, rows: new Uint32Array(0) };
  return { view: input.view, users, rows };
}

/** A segment of the answer, or all of those that did not come back by themselves. */
interface MeantSegment {
  readonly own: Segment;
  /** Of a segment by its key. */
  readonly has: (key: string) => boolean;
}

/** Null = everything. */
function meantBy({ segment, beside = [] }: InsightsPoint): MeantSegment | null {
  if (segment === null) return null;
  const own = segment as Segment;
  if (segment.type !== 'other') return { own, has: (key) => key === segmentKey(own) };
  const listed = new Set(beside.map((one) => segmentKey(one as Segment)));
  return { own, has: (key) => !listed.has(key) };
}

/** Ascending, each once. */
function countedRows(
  counted: CountedMetric,
  segment: MeantSegment | null,
  bucket: number | null,
): Uint32Array {
  const { measure, input, countOnce, rows } = counted;
  const isCounted = countsIn(measure, counted, bucket);
  let own = rowsIn(segmentedEntries(counted, segment), segment).filter(isCounted);
  if (countOnce !== null && segment !== null) {
    const marks = decidingRows(rows, countOnce, input);
    const mark = bucket === null ? inRange : inBucket;
    own = own.filter((row) => (marks[row] & mark) !== 0);
  }
  return measure.type === 'sessions' ? firstOfSessions(own, input.context) : own;
}

/** Of each session one event stands for it: the first that counts, so that the list has as many as the number says. */
function firstOfSessions(rows: Uint32Array, context: RowContext): Uint32Array {
  const { ofRow } = context.sessions();
  // Rows ascend, and so do the sessions of those that are in one.
  return rows.filter((row, i) => i === 0 || ofRow[row] !== ofRow[rows[i - 1]]);
}

/** The entries that a segment of the answer was counted from; without segment those over all. */
function segmentedEntries(
  { measure, input, rows, entries }: CountedMetric,
  segment: MeantSegment | null,
): Entries & { readonly segments: readonly Segment[] } {
  const all = { ...unsegmented(rows), segments: [] };
  if (measure.type === 'distribution') {
    const within = segment === null ? null : entries;
    return numberEntries(within ?? { ...all, segments: null }, measure.property, input);
  }
  return segment === null ? all : (entries ?? all);
}

/** The rows of a segment, or of all entries. */
function rowsIn(
  { rows, slots, segments }: Entries & { readonly segments: readonly Segment[] },
  segment: MeantSegment | null,
): Uint32Array {
  const isOwn = Uint8Array.from(segments, (own) => Number(segment?.has(segmentKey(own)) ?? true));
  const own = segment === null ? rows : rows.filter((_, i) => isOwn[slots[i]] === 1);
  // Parts of a row may lie in one segment several times.
  return own.filter((row, i) => i === 0 || row !== own[i - 1]);
}

/** Whether a row counts in a bucket, or in the whole range where that is null. */
function countsIn(
  measure: MeasurePlan,
  { input }: CountedMetric,
  bucket: number | null,
): (row: number) => boolean {
  const { view, buckets, bucketCount, frame, context } = input;
  const isInBucket = (row: number): boolean =>
    bucket === null ? buckets[row] >= 0 : buckets[row] === bucket;
  switch (measure.type) {
    case 'unique':
    case 'active':
    case 'cumulative_unique': {
      const { first, last } = rowSpans(measure, input);
      // Of windows that go on, the whole range has what the last one has (4.2).
      const of = bucket ?? (measure.type === 'unique' ? null : bucketCount - 1);
      const isInside = (row: number): boolean =>
        of === null ? buckets[row] >= 0 : first[row] >= 0 && first[row] <= of && of <= last[row];
      return (row) => view.users[row] !== 0 && isInside(row);
    }
    case 'sessions': {
      const { ofRow } = context.sessions();
      return (row) => ofRow[row] !== 0 && isInBucket(row);
    }
    case 'total':
    case 'distribution':
      return isInBucket;
    case 'sum':
    case 'average':
    case 'min':
    case 'max':
    case 'percentile':
    case 'distinct_count':
    case 'per_user': {
      const property = measure.property;
      const column = property === null ? undefined : frame.column(property);
      const counts = Uint8Array.from(column?.values ?? [], (value, code) =>
        measure.type === 'distinct_count'
          ? Number(code > 0 && value !== null)
          : Number(!Number.isNaN(asNumber(value, code))),
      );
      return (row) => column !== undefined && counts[column.codes[row]] === 1 && isInBucket(row);
    }
    default:
      return unreachable(measure);
  }
}

/** The events of the users that have a number in the bucket, in a distribution the number of the segment. */
function rowsOfUsers(
  counted: CountedMetric,
  measure: PerUserMeasure,
  segment: MeantSegment | null,
  bucket: number | null,
): Uint32Array {
  const { input, rows, entries } = counted;
  const isDistribution = measure.over.type === 'distribution';
  const parts = segment === null ? [] : (segment.own.parts ?? [segment.own]);
  const number = isDistribution && segment !== null ? parts[parts.length - 1].text : null;
  const within = isDistribution ? withoutLast(parts) : segment;
  const own = unsegmented(
    rowsIn(
      within === null || entries === null ? { ...unsegmented(rows), segments: [] } : entries,
      within,
    ),
  );
  const { bucketCount, buckets, view, frame } = input;
  const numbers = userNumbers(own, measure, input, bucketCount);
  const isUser = new Uint8Array(view.userCount + 1);
  for (let i = 0; i < numbers.users.length; i++) {
    if (numbers.buckets[i] !== (bucket ?? bucketCount)) continue;
    if (number === null || String(numbers.values[i]) === number) isUser[numbers.users[i]] = 1;
  }
  const column = measure.property === null ? undefined : frame.column(measure.property);
  return own.rows.filter((row) => {
    if (isUser[view.users[row]] === 0) return false;
    if (bucket === null ? buckets[row] < 0 : buckets[row] !== bucket) return false;
    if (column === undefined) return true;
    const value = column.values[column.codes[row]];
    const isNumber = !Number.isNaN(asNumber(value, column.codes[row]));
    return measure.aggregate === 'distinct_count'
      ? column.codes[row] !== 0 && value !== null
      : isNumber;
  });
}

/** The segment of the breakdown that a number of a distribution lies in; null = there is no breakdown. */
function withoutLast(parts: NonNullable<Segment['parts']>): MeantSegment | null {
  const rest = parts.slice(0, -1);
  if (rest.length === 0) return null;
  const own: Segment = rest.length === 1 ? rest[0] : { type: 'combination', text: '', parts: rest };
  return { own, has: (key) => key === segmentKey(own) };
}

/** Rows ascend by user. */
function usersOf(rows: Uint32Array, { users }: ShardView): Uint32Array {
  const own = Uint32Array.from(rows, (row) => users[row]);
  return own.filter((user, i) => user !== 0 && (i === 0 || user !== own[i - 1]));
}
