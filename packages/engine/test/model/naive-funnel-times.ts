import type { FunnelQuery } from '@arbor/schema/query';
import type { FunnelResult, FunnelTimes } from '@arbor/schema/result';
import type { NaiveAttempt } from './naive-attempts.ts';
import { naivePercentile } from './naive-measures.ts';

/** How the times between two steps are spread (5.10). */
export function spread(
  attempts: readonly NaiveAttempt[],
  { from, to, bins }: NonNullable<FunnelQuery['distribution']>,
): NonNullable<FunnelResult['distribution']> {
  const times = attempts
    .filter(({ events }) => events.length > to)
    .map(({ events }) => Math.max(0, events[to].time - events[from].time));
  if (times.length === 0) {
    return { bins: [], count: 0, averageMs: null, medianMs: null, minMs: null, maxMs: null };
  }
  const minMs = Math.min(...times);
  const maxMs = Math.max(...times);
  const startMs = minMs - (minMs % 1000);
  let width = 1000;
  while (width * bins < maxMs - minMs) width += 1000;
  if (minMs === maxMs) width = 60_000;
  return {
    bins: Array.from({ length: bins + 1 }, (_, bin) => {
      const own = { startMs: startMs + bin * width, endMs: startMs + (bin + 1) * width };
      const isIn = (time: number): boolean =>
        time >= own.startMs && (time < own.endMs || (bin === bins && time === own.endMs));
      return { ...own, count: times.filter(isIn).length };
    }),
    count: times.length,
    averageMs: mean(times),
    medianMs: naivePercentile(times, 50),
    minMs,
    maxMs,
  };
}

/** What the times between two steps come to (5.10). */
export function timesOf(
  attempts: readonly NaiveAttempt[],
  { times: { from, to, percentiles } = { from: 0, percentiles: [] }, steps }: FunnelQuery,
): FunnelTimes {
  const last = to ?? steps.length - 1;
  const times = attempts
    .filter(({ events }) => events.length > last)
    .map(({ events }) => Math.max(0, events[last].time - events[from].time));
  const isNone = times.length === 0;
  return {
    count: times.length,
    averageMs: mean(times),
    medianMs: isNone ? null : naivePercentile(times, 50),
    minMs: isNone ? null : Math.min(...times),
    maxMs: isNone ? null : Math.max(...times),
    percentilesMs: percentiles.map((own) => (isNone ? null : naivePercentile(times, own))),
  };
}

export function mean(numbers: readonly number[]): number | null {
  return numbers.length ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : null;
}
