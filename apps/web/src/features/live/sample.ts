import type { LiveEntry } from '@arbor/schema/live';

/** Rows of one second that nobody could read more of; of a second with more the list shows a sample (UX-L6). */
export const rowsPerSecondMax = 50;
/** Seconds of arrival that are remembered: a reconnect sends what was missed in the meantime. */
const secondsKept = 120;

export type Sampler = {
  /** Those of the arrived entries that are shown. */
  readonly take: (arrived: readonly LiveEntry[]) => readonly LiveEntry[];
  /** How many entries came of the busiest of the last two seconds: the newest is not over yet. */
  readonly perSecond: () => number;
};

/**
 * Lets the first entries of each second through, by when the edge received them: so what fills the gap after a reconnect is
 * thinned no more than what came live. Refused records are always shown; the edge itself bounds them.
 */
export function createSampler(): Sampler {
  const counts = new Map<number, number>();
  let newest = 0;
  return {
    take: (arrived) => {
      const shown = arrived.filter((entry) => {
        const second = Math.floor(entry.receivedAt / 1000);
        const count = (counts.get(second) ?? 0) + 1;
        counts.set(second, count);
        newest = Math.max(newest, second);
        return count <= rowsPerSecondMax || entry.kind === 'rejected';
      });
      for (const second of counts.keys()) if (second < newest - secondsKept) counts.delete(second);
      return shown;
    },
    perSecond: () => Math.max(counts.get(newest) ?? 0, counts.get(newest - 1) ?? 0),
  };
}
