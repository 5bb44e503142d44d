import type { TimeUnit } from '@arbor/schema/query';
import { calendarBuckets } from '../plan/calendar.ts';
import type { ZonePlan } from '../plan/plan-types.ts';

const minuteMs = 60_000;

/** Years of buckets that a process keeps; one of hours takes 70 KB. */
const yearsMax = 200;
const yearsKnown = new Map<string, Float64Array>();

/**
 * By time: when the minute, hour, day … of the project's zone began that it lies in. Times come in runs that
 * ascend, so mostly the last bucket holds the next one too.
 */
export function unitStarts(times: Float64Array, unit: TimeUnit, zone: ZonePlan): Float64Array {
  if (unit === 'minute') return times.map((time) => Math.floor(time / minuteMs) * minuteMs);
  const starts = new Float64Array(times.length);
  let startMs = NaN;
  let endMs = NaN;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (!(time >= startMs && time < endMs)) {
      const edges = edgesOfYear(new Date(time).getUTCFullYear(), unit, zone);
      const bucket = lastNotAfter(edges, time);
      startMs = edges[bucket];
      endMs = edges[bucket + 1];
    }
    starts[i] = startMs;
  }
  return starts;
}

/** Edges of the whole buckets that touch a year of UTC, without a gap. */
function edgesOfYear(year: number, unit: TimeUnit, zone: ZonePlan): Float64Array {
  const { timezone, weekStart, quarterStart = 1 } = zone;
  const key = `${timezone} ${weekStart} ${quarterStart} ${unit} ${year}`;
  const known = yearsKnown.get(key);
  if (known !== undefined) return known;
  const range = { startMs: startOfYear(year), endMs: startOfYear(year + 1) };
  const buckets = calendarBuckets(range, unit, zone);
  const edges = Float64Array.from([
    ...buckets.map(({ startMs }) => startMs),
    buckets[buckets.length - 1].endMs,
  ]);
  if (yearsKnown.size >= yearsMax) yearsKnown.clear();
  yearsKnown.set(key, edges);
  return edges;
}

/** `Date.UTC` takes the years 0 to 99 for others. */
function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year);
}

/** Index of the last edge that is not after the time. */
function lastNotAfter(edges: Float64Array, time: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
