import type { FunnelTimes } from '@arbor/schema/result';
import type { FunnelTimesPlan } from '../plan/plan-types.ts';
import {
  averageDuration,
  countDurations,
  medianDuration,
  percentileDuration,
} from './durations.ts';
import type { Durations } from './durations.ts';
import type { DurationList } from './packed-durations.ts';
import type { FunnelCells } from './partial.ts';

/** The times between the two steps that a plan asks about. */
export function timesBetween(
  { fromEntryMs, fromPreviousMs, betweenMs = [] }: FunnelCells,
  { from, to }: FunnelTimesPlan,
): DurationList {
  if (from === 0) return fromEntryMs[to];
  return to === from + 1 ? fromPreviousMs[to] : betweenMs;
}

/** What they come to (5.10). */
export function mergeTimes({ percentiles }: FunnelTimesPlan, lists: Durations): FunnelTimes {
  return {
    count: countDurations(lists),
    averageMs: averageDuration(lists),
    medianMs: medianDuration(lists),
    minMs: percentileDuration(lists, 0),
    maxMs: percentileDuration(lists, 100),
    percentilesMs: percentiles.map((percentile) => percentileDuration(lists, percentile)),
  };
}
