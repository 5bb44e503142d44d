import type { FunnelResult } from '@arbor/schema/result';
import type { CaseExpected } from '../cases/case-types.ts';
import type { Numbers } from './observed.ts';

/** Times to convert as a report sums them up: a case lists each of them. */
export function assertedTimes({
  timesSeconds = [],
  averageSeconds,
  bins = [],
}: CaseExpected): Numbers {
  return {
    averageSeconds,
    count: timesSeconds.length,
    medianSeconds: medianOf(timesSeconds),
    minSeconds: timesSeconds.at(0) ?? null,
    maxSeconds: timesSeconds.at(-1) ?? null,
    bins,
  };
}

export function observedTimes({ distribution }: FunnelResult): Numbers {
  if (distribution === undefined) return {};
  const { bins, count, averageMs, medianMs, minMs, maxMs } = distribution;
  return {
    averageSeconds: seconds(averageMs),
    count,
    medianSeconds: seconds(medianMs),
    minSeconds: seconds(minMs),
    maxSeconds: seconds(maxMs),
    bins: bins.map((bin) => [bin.startMs / 1000, bin.count]),
  };
}

function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
