import { unreachable } from '../../base/assert.ts';
import { assignBuckets, assignWindows } from '../kernels/assign-buckets.ts';
import { selectRows } from '../kernels/mask.ts';
import { notPlain } from '../plan/plain-plan.ts';
import type { Cells, InsightsPartial, MetricPartial } from '../merge/partial.ts';
import type { InsightsPlan, MeasurePlan, MetricPlan, WindowsPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { countCells, userCells } from './count-cells.ts';
import { selectorMask } from './filter-mask.ts';
import type { Frame } from './frame.ts';
import { distinctCells, extremeCells, sumCells, valueCells } from './property-cells.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import { hasBreakdown, segmentedBy, unsegmented } from './segments.ts';
import type { Entries } from './segments.ts';
import type { ShardView } from './shard-view.ts';

/** What the cells of every measure are computed from. */
export interface InsightsInput {
  readonly context: RowContext;
  readonly view: ShardView;
  readonly frame: Frame;
  /** Bucket by row, −1 outside the range. */
  readonly buckets: Int32Array;
  readonly bucketCount: number;
}

/** Cells of each slot of the entries. */
export type MeasureCells = (entries: Entries) => Cells[];

export function executeInsights(plan: InsightsPlan, stored: ShardView): InsightsPartial {
  const context = createRowContext(plan, stored);
  const { view, frame } = context;
  const buckets = new Int32Array(view.rowCount);
  assignBuckets(view.times, bucketEdges(plan.buckets), buckets);
  const input = { context, view, frame, buckets, bucketCount: plan.buckets.length };
  return {
    type: 'insights',
    metrics: plan.metrics.map((metric) => executeMetric(metric, plan, input)),
  };
}

function executeMetric(
  metric: MetricPlan,
  plan: InsightsPlan,
  input: InsightsInput,
): MetricPartial {
  const { view, frame } = input;
  const mask = selectorMask(metric.selector, plan.filters, view, frame);
  const { startMs, endMs } = observedSpan(metric.measure, plan);
  const rows = new Uint32Array(view.rowCount);
  const matching = rows.subarray(0, selectRows(mask, view.times, startMs, endMs, rows));
  const cellsOf = measureCells(metric.measure, input);
  const overall = cellsOf(unsegmented(matching))[0];
  if (!hasBreakdown(plan)) return { overall, segments: [] };
  const entries = segmentedBy(plan, matching, frame);
  const cells = cellsOf(entries);
  return {
    overall,
    segments: cells.map((own, slot) => ({ segment: entries.segments[slot], cells: own })),
  };
}

/** Active users look back before the range, and to the end of its last day (2.5). */
function observedSpan(measure: MeasurePlan, { startMs, endMs }: InsightsPlan) {
  if (measure.type !== 'active') return { startMs, endMs };
  const { starts, ends } = measure.windows;
  return {
    startMs: Math.min(startMs, starts[0]),
    endMs: Math.max(endMs, ends[ends.length - 1]),
  };
}

function measureCells(measure: MeasurePlan, input: InsightsInput): MeasureCells {
  switch (measure.type) {
    case 'total':
      return (entries) => countCells(entries, input);
    case 'unique': {
      const spans = { first: input.buckets, last: input.buckets };
      return (entries) => userCells(entries, spans, input);
    }
    case 'active': {
      const spans = windowSpans(measure.windows, input.view);
      return (entries) => userCells(entries, spans, input);
    }
    case 'sum':
    case 'average':
      return (entries) => sumCells(entries, measure.property, input);
    case 'min':
    case 'max':
      return (entries) => extremeCells(entries, measure, input);
    case 'percentile':
      return (entries) => valueCells(entries, measure.property, input);
    case 'distinct_count':
      return (entries) => distinctCells(entries, measure.property, input);
    case 'cumulative_unique':
    case 'sessions':
    case 'distribution':
    case 'per_user':
      return notPlain(measure.type);
    default:
      return unreachable(measure);
  }
}

function windowSpans({ starts, ends }: WindowsPlan, { times, rowCount }: ShardView) {
  const first = new Int32Array(rowCount);
  const last = new Int32Array(rowCount);
  assignWindows(times, Float64Array.from(starts), Float64Array.from(ends), first, last);
  return { first, last };
}
