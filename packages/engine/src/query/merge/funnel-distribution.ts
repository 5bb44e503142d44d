import type { FunnelResult } from '@arbor/schema/result';
import { durationReader } from './duration-reader.ts';
import { averageDuration, countDurations, medianDuration } from './durations.ts';
import type { DurationList } from './packed-durations.ts';

type Distribution = NonNullable<FunnelResult['distribution']>;

const secondMs = 1000;
/** Where all times are equal: any width does, and a minute is what people read. */
const equalWidthMs = 60_000;

/**
 * How times to convert are spread: bins from the shortest time, cut to whole seconds, as wide as (longest −
 * shortest) ÷ `bins`, rounded up to whole seconds, and one more, which holds the longest.
 */
export function mergeDistribution(
  { bins }: { readonly bins: number },
  lists: readonly DurationList[],
): Distribution {
  const readers = lists.map(durationReader);
  const ends = readers.filter(({ length }) => length > 0).map((reader) => reader.values());
  if (ends.length === 0) {
    return { bins: [], count: 0, averageMs: null, medianMs: null, minMs: null, maxMs: null };
  }
  const minMs = Math.min(...ends.map((values) => values[0]));
  const maxMs = Math.max(...ends.map((values) => values[values.length - 1]));
  const startMs = Math.floor(minMs / secondMs) * secondMs;
  const width = Math.ceil((maxMs - minMs) / bins / secondMs) * secondMs || equalWidthMs;
  const upTo = (limit: number): number =>
    readers.reduce((sum, reader) => sum + reader.countUpTo(limit), 0);
  return {
    bins: Array.from({ length: bins + 1 }, (_, bin) => {
      const own = startMs + bin * width;
      const isLast = bin === bins;
      return {
        startMs: own,
        endMs: own + width,
        // The last one is closed; times are whole ms.
        count: upTo(isLast ? own + width : own + width - 1) - (bin === 0 ? 0 : upTo(own - 1)),
      };
    }),
    count: countDurations(readers),
    averageMs: averageDuration(readers),
    medianMs: medianDuration(readers),
    minMs,
    maxMs,
  };
}
