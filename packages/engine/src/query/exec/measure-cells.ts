import { unreachable } from '../../base/assert.ts';
import { assignWindows } from '../kernels/assign-buckets.ts';
import type { Cells, MetricPartial, SegmentCells } from '../merge/partial.ts';
import type { MeasurePlan, WindowsPlan } from '../plan/plan-types.ts';
import { countCells, sessionCells, userCells } from './count-cells.ts';
import type { RowSpans } from './count-cells.ts';
import { decidingRows, onceCells } from './count-once.ts';
import type { CountedMetric } from './counted-metric.ts';
import type { InsightsInput } from './insights-input.ts';
import { countNumbered, numberEntries, numberSlots } from './number-segments.ts';
import {
  distinctCells,
  extremeCells,
  propertyNumbers,
  sumCells,
  valueCells,
} from './property-cells.ts';
import { otherEntries, unsegmented } from './segments.ts';
import type { Entries, SegmentedEntries } from './segments.ts';
import type { ShardView } from './shard-view.ts';
import { asCellNumbers, userNumbers } from './user-numbers.ts';

type PerUserMeasure = Extract<MeasurePlan, { type: 'per_user' }>;

/** The line of a metric over everything, and one for each of its segments. */
export function metricCells(metric: CountedMetric): MetricPartial {
  const { measure, input, rows, entries, countOnce, outside } = metric;
  const overall = unsegmented(rows);
  if (measure.type === 'distribution') {
    const own = (of: Entries & Pick<CountedEntries, 'segments'>): SegmentedEntries =>
      numberEntries(of, measure.property, input);
    const all = own({ ...overall, segments: null });
    const segments = entries === null ? all : own(entries);
    return withSegments(countCells({ ...unsegmented(all.rows) }, input), segments, (of) =>
      countCells(of, input),
    );
  }
  if (measure.type === 'per_user' && measure.over.type === 'distribution') {
    return distributionOfUsers(measure, overall, entries, input);
  }
  const cellsOf = measureCells(measure, input);
  if (entries === null) return { overall: cellsOf(overall)[0], segments: [] };
  const marks = countOnce && decidingRows(rows, countOnce, input);
  const segmentCells = (of: Entries): readonly Cells[] =>
    marks ? onceCells(of, marks, input) : cellsOf(of);
  if (outside !== null) {
    return { overall: segmentCells(otherEntries(entries, outside))[0], segments: [] };
  }
  const partial = withSegments(cellsOf(overall), entries, segmentCells);
  return marks ? withoutEmpty(partial) : partial;
}

/** Counted once, users leave segments in which they were all the same. */
function withoutEmpty({ overall, segments }: CellsBySegment): CellsBySegment {
  return {
    overall,
    segments: segments.filter(
      ({ cells }) => cells.at.length > 0 || (cells.type === 'users' && cells.range > 0),
    ),
  };
}

/** Not packed: a list as it is. */
interface CellsBySegment {
  readonly overall: Cells;
  readonly segments: readonly SegmentCells<Cells>[];
}

type CountedEntries = Entries & { readonly segments: SegmentedEntries['segments'] | null };

function withSegments<T extends Pick<SegmentedEntries, 'segments'>>(
  [overall]: readonly Cells[],
  entries: T,
  cellsOf: (entries: T) => readonly Cells[],
): CellsBySegment {
  const cells = cellsOf(entries);
  return {
    overall,
    segments: entries.segments.map((segment, slot) => ({ segment, cells: cells[slot] })),
  };
}

/** A segment a number, its users counted. */
function distributionOfUsers(
  measure: PerUserMeasure,
  overall: Entries,
  entries: SegmentedEntries | null,
  input: InsightsInput,
): MetricPartial {
  const { bucketCount } = input;
  const all = userNumbers(overall, measure, input, bucketCount);
  const own = entries === null ? all : userNumbers(entries, measure, input, bucketCount);
  const slots = numberSlots(own.values, own.slots, entries === null ? null : entries.segments);
  return withSegments(countNumbered(all, all, bucketCount), slots, (of) =>
    countNumbered(of, own, bucketCount),
  );
}

/** Cells of each slot of the entries. */
function measureCells(
  measure: MeasurePlan,
  input: InsightsInput,
): (entries: Entries) => readonly Cells[] {
  switch (measure.type) {
    case 'total':
      return (entries) => countCells(entries, input);
    case 'unique':
    case 'active':
    case 'cumulative_unique': {
      const spans = rowSpans(measure, input);
      return (entries) => userCells(entries, spans, input);
    }
    case 'sessions':
      return (entries) => sessionCells(entries, input);
    case 'sum':
      return (entries) => sumCells(propertyNumbers(entries, measure.property, input));
    case 'average':
      // Parts of an event are of its number, not of how often it counts.
      return (entries) =>
        sumCells(propertyNumbers({ ...entries, weights: null }, measure.property, input));
    case 'min':
    case 'max':
      return (entries) =>
        extremeCells(propertyNumbers(entries, measure.property, input), measure.type);
    case 'percentile':
      return (entries) => valueCells(propertyNumbers(entries, measure.property, input));
    case 'distinct_count':
      return (entries) => distinctCells(entries, measure.property, input);
    case 'per_user':
      return (entries) => overUsers(measure, entries, input);
    case 'distribution':
      throw new TypeError('a distribution has cells by number');
    default:
      return unreachable(measure);
  }
}

function overUsers(
  measure: PerUserMeasure,
  entries: Entries,
  input: InsightsInput,
): readonly Cells[] {
  const { bucketCount } = input;
  const own = userNumbers(entries, measure, input, bucketCount);
  const numbers = asCellNumbers(own, bucketCount, measure.property?.name ?? 'events per user');
  switch (measure.over.type) {
    case 'sum':
    case 'average':
      return sumCells(numbers);
    case 'min':
    case 'max':
      return extremeCells(numbers, measure.over.type);
    case 'median':
    case 'percentile':
      return valueCells(numbers);
    case 'distribution':
      throw new TypeError('a distribution has cells by number');
    default:
      return unreachable(measure.over);
  }
}

/** The buckets in which the row of a user counts. */
export function rowSpans(
  measure: Extract<MeasurePlan, { type: 'unique' | 'active' | 'cumulative_unique' }>,
  { view, buckets, bucketCount }: InsightsInput,
): RowSpans {
  if (measure.type === 'unique') return { first: buckets, last: buckets };
  if (measure.type === 'active') return windowSpans(measure.windows, view);
  const last = new Int32Array(buckets.length).fill(bucketCount - 1);
  return { first: buckets, last };
}

function windowSpans({ starts, ends }: WindowsPlan, { times, rowCount }: ShardView): RowSpans {
  const first = new Int32Array(rowCount);
  const last = new Int32Array(rowCount);
  assignWindows(times, Float64Array.from(starts), Float64Array.from(ends), first, last);
  return { first, last };
}
