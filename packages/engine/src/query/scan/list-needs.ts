import type { EventKey, InsightsPlan, ListPlan, MeasurePlan } from '../plan/plan-types.ts';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

const dayMs = 86_400_000;

/** What a list reads of its report: of a bucket of insights no more than its own time and that of its windows. */
export function listedPart({ of, point }: ListPlan): ListPlan['of'] {
  if (of.type !== 'insights' || point.type !== 'insights' || point.bucket === null) return of;
  const { bucket } = point;
  const { startMs, endMs } = of.buckets[bucket];
  const metrics = of.metrics.map((metric) => ({
    ...metric,
    measure: measureOf(metric.measure, bucket),
  }));
  // Users from the start of the range on.
  const looksBack = metrics.some(({ measure }) => measure.type === 'cumulative_unique');
  return {
    ...of,
    startMs: looksBack ? of.startMs : startMs,
    endMs,
    metrics,
  } satisfies InsightsPlan;
}

function measureOf(measure: MeasurePlan, bucket: number): MeasurePlan {
  if (measure.type !== 'active') return measure;
  const { starts, ends } = measure.windows;
  return { type: 'active', windows: { starts: [starts[bucket]], ends: [ends[bucket]] } };
}

export function instantsByEvent(keys: readonly EventKey[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { event, timeMs } of keys) {
    const known = found.get(event);
    if (known) known.push(timeMs);
    else found.set(event, [timeMs]);
  }
  return found;
}

/** The UTC days of the instants, those beside each other as one span. */
export function daysOf(instants: readonly number[]): Span[] {
  const days = [...new Set(instants.map((timeMs) => Math.floor(timeMs / dayMs)))];
  const spans: { startMs: number; endMs: number }[] = [];
  for (const day of days.sort((left, right) => left - right)) {
    const startMs = day * dayMs;
    const last = spans.at(-1);
    if (last?.endMs === startMs) last.endMs += dayMs;
    else spans.push({ startMs, endMs: startMs + dayMs });
  }
  return spans;
}
