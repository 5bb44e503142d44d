import { selectRows } from '../kernels/mask.ts';
import type { InsightsPlan, MeasurePlan, MetricPlan } from '../plan/plan-types.ts';
import { narrowByFilters, selectorMask } from './filter-mask.ts';
import type { InsightsInput } from './insights-input.ts';
import { peopleInput } from './people-input.ts';
import { hasBreakdown, segmentedBy } from './segments.ts';
import type { SegmentedEntries } from './segments.ts';

/** What a metric counts, before it is counted: cells and lists are made of the same. */
export interface CountedMetric {
  readonly measure: MeasurePlan;
  readonly input: InsightsInput;
  /** Rows of the input's view that pass, ascending. */
  readonly rows: Uint32Array;
  /** They in the slots of their segments; null = the report has no breakdown. */
  readonly entries: SegmentedEntries | null;
  readonly countOnce: 'first' | 'last' | null;
  /** Keys of the segments that do not count, where all others are one line; null = all count. */
  readonly outside: ReadonlySet<string> | null;
}

export function countedMetric(
  metric: MetricPlan,
  plan: InsightsPlan,
  input: InsightsInput,
): CountedMetric {
  return metric.people === undefined
    ? countedEvents(metric, plan, input)
    : countedPeople(metric, metric.people, plan, input);
}

function countedEvents(
  { selector, measure, countOnce, outside, breakdowns }: MetricPlan,
  plan: InsightsPlan,
  input: InsightsInput,
): CountedMetric {
  const { view, frame } = input;
  const mask = selectorMask(selector, plan.filters, view, frame);
  const { startMs, endMs } = observedSpan(measure, plan);
  const rows = new Uint32Array(view.rowCount);
  const matching = rows.subarray(0, selectRows(mask, view.times, startMs, endMs, rows));
  return {
    measure,
    input,
    rows: matching,
    entries: hasBreakdown(plan)
      ? segmentedBy(breakdowns ? { ...plan, breakdowns } : plan, matching, frame)
      : null,
    countOnce: countOnce ?? null,
    outside: outside ? new Set(outside) : null,
  };
}

/** Profiles as they are now: each is a row in the one bucket that all buckets repeat (4.1). */
function countedPeople(
  { measure, outside }: MetricPlan,
  filters: NonNullable<MetricPlan['people']>,
  plan: InsightsPlan,
  rowInput: InsightsInput,
): CountedMetric {
  const { input, mask } = peopleInput(rowInput);
  narrowByFilters(filters, input.frame, mask);
  narrowByFilters(plan.filters, input.frame, mask);
  const rows = Uint32Array.from(mask.keys()).filter((user) => mask[user] === 1);
  return {
    measure,
    input,
    rows,
    entries: hasBreakdown(plan) ? segmentedBy(plan, rows, input.frame) : null,
    countOnce: null,
    outside: outside ? new Set(outside) : null,
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
