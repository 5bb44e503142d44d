import type { FunnelResult } from '@arbor/schema/result';
import type { CaseExpected } from '../cases/case-types.ts';
import type { Numbers } from './observed.ts';

/**
 * Times to convert as a report sums them up: a case lists each. Its bins have edges of whole seconds and one more
 * for the longest; ours are equal parts from the shortest to the longest, which is inside the last.
 */
export function assertedTimes(
  { timesSeconds = [], averageSeconds }: CaseExpected,
  binCount: number,
): Numbers {
  return {
    averageSeconds,
    count: timesSeconds.length,
    medianSeconds: medianOf(timesSeconds),
    minSeconds: timesSeconds.at(0) ?? null,
    maxSeconds: timesSeconds.at(-1) ?? null,
    bins: equalBins(timesSeconds, binCount),
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
    bins: bins.map((bin) => [Math.round(bin.startMs), bin.count]),
  };
}

/** Start in ms and how many, of each bin. */
function equalBins(sorted: readonly number[], binCount: number): number[][] {
  const min = (sorted[0] ?? 0) * 1000;
  const max = (sorted.at(-1) ?? 0) * 1000;
  const width = (max - min) / binCount;
  const counts = Array.from({ length: binCount }, () => 0);
  for (const own of sorted) {
    const index = width === 0 ? 0 : Math.floor((own * 1000 - min) / width);
    counts[Math.min(index, binCount - 1)] += 1;
  }
  return counts.map((count, n) => [Math.round(min + n * width), count]);
}

function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
