import { assignBuckets } from '../kernels/assign-buckets.ts';
import type { ComputedPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext, RowContextPlan } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';
import { ValueCodes } from './value-codes.ts';

export type BehaviorProperty = Extract<ComputedPlan, { type: 'behavior' }>;

/** Things that are one number each: whose they are by row, −1 = of none. Rows of a group lie together. */
interface Groups {
  readonly ofRow: Int32Array;
  readonly count: number;
}

/** In charts by time a behaviour is worked out for each bucket, in others over the whole range (4.5). */
export function isByBucket({ type, buckets }: RowContextPlan): boolean {
  return type === 'insights' && (buckets?.length ?? 0) > 1;
}

/** How often each user did it in the range of the plan, or an aggregate over it (14.5), by ordinal. */
export function behaviorByUser(property: BehaviorProperty, context: RowContext): PropertyColumn {
  const { view } = context;
  const ofRow = new Int32Array(view.rowCount);
  for (let row = 0; row < ofRow.length; row++) ofRow[row] = view.users[row] || -1;
  const numbers = behaviorNumbers(property, { ofRow, count: view.userCount + 1 }, context);
  // Nobody is no user.
  numbers[0] = NaN;
  return numbersColumn(numbers);
}

/** The same in the bucket of each row; a row outside of all buckets has none. */
export function behaviorByBucket(property: BehaviorProperty, context: RowContext): PropertyColumn {
  const { view, plan } = context;
  const { users } = view;
  const buckets = new Int32Array(view.rowCount);
  assignBuckets(view.times, bucketEdges(plan.buckets ?? []), buckets);
  const ofRow = new Int32Array(view.rowCount).fill(-1);
  let count = 0;
  for (let row = 0; row < ofRow.length; row++) {
    if (buckets[row] < 0 || users[row] === 0) continue;
    const isSame = row > 0 && users[row - 1] === users[row] && buckets[row - 1] === buckets[row];
    ofRow[row] = isSame ? count - 1 : count++;
  }
  const { codes, values } = numbersColumn(behaviorNumbers(property, { ofRow, count }, context));
  return {
    codes: Uint32Array.from(ofRow, (group) => (group < 0 ? 0 : codes[group])),
    values,
  };
}

/** By group; NaN = no number to aggregate. */
function behaviorNumbers(
  { selector, aggregate, property }: BehaviorProperty,
  groups: Groups,
  context: RowContext,
): Float64Array {
  const { view, frame, plan } = context;
  const mask = selectorMask(selector, [], view, frame);
  for (let row = 0; row < mask.length; row++) {
    const time = view.times[row];
    if (groups.ofRow[row] < 0 || time < plan.startMs || time >= plan.endMs) mask[row] = 0;
  }
  if (aggregate === 'count') return countRows(mask, groups);
  const column = property === null ? undefined : frame.column(property);
  if (aggregate === 'distinct_count') return countDistinct(mask, column, groups);
  return aggregateNumbers(aggregate, mask, column, groups);
}

function countRows(mask: Uint8Array, { ofRow, count }: Groups): Float64Array {
  const counts = new Float64Array(count);
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) counts[ofRow[row]]++;
  return counts;
}

function countDistinct(
  mask: Uint8Array,
  column: PropertyColumn | undefined,
  { ofRow, count }: Groups,
): Float64Array {
  const counts = new Float64Array(count);
  if (column === undefined) return counts;
  const { codes, values } = column;
  // By code: the group that it was last seen in, and one more.
  const seenIn = new Uint32Array(values.length);
  for (let row = 0; row < mask.length; row++) {
    const code = codes[row];
    if (mask[row] === 0 || code === 0 || values[code] === null) continue;
    if (seenIn[code] === ofRow[row] + 1) continue;
    seenIn[code] = ofRow[row] + 1;
    counts[ofRow[row]]++;
  }
  return counts;
}

function aggregateNumbers(
  aggregate: 'sum' | 'average' | 'min' | 'max',
  mask: Uint8Array,
  column: PropertyColumn | undefined,
  { ofRow, count }: Groups,
): Float64Array {
  const results = new Float64Array(count).fill(NaN);
  if (column === undefined) return results;
  const { codes } = column;
  const numbers = Float64Array.from(column.values, (value, code) =>
    code > 0 && typeof value === 'number' ? value : NaN,
  );
  const counts = new Float64Array(count);
  for (let row = 0; row < mask.length; row++) {
    const number = numbers[codes[row]];
    if (mask[row] === 0 || Number.isNaN(number)) continue;
    const group = ofRow[row];
    const before = counts[group]++ === 0 ? null : results[group];
    if (before === null) results[group] = number;
    else if (aggregate === 'min') results[group] = Math.min(before, number);
    else if (aggregate === 'max') results[group] = Math.max(before, number);
    else results[group] = before + number;
  }
  if (aggregate === 'average') {
    for (let group = 0; group < count; group++) results[group] /= counts[group];
  }
  return results;
}

/** What is no finite number has no value. */
export function numbersColumn(numbers: Float64Array): PropertyColumn {
  const target = new ValueCodes();
  const codes = Uint32Array.from(numbers, (number) =>
    target.codeOf(Number.isFinite(number) ? number : null),
  );
  return { codes, values: target.values };
}
