import type { LiveEntry } from '@arbor/schema/live';

type EventEntry = Extract<LiveEntry, { kind: 'event' }>;
type RejectedEntry = Extract<LiveEntry, { kind: 'rejected' }>;

export type Arrivals = {
  readonly first: EventEntry | null;
  /** The last few, newest first: each says what to correct. */
  readonly rejected: readonly RejectedEntry[];
};

const rejectedMax = 5;

export function withArrival(arrivals: Arrivals, entry: LiveEntry): Arrivals {
  if (entry.kind === 'event') return { ...arrivals, first: arrivals.first ?? entry };
  if (entry.kind !== 'rejected' || arrivals.rejected.some(({ id }) => id === entry.id)) {
    return arrivals;
  }
  return { ...arrivals, rejected: [entry, ...arrivals.rejected].slice(0, rejectedMax) };
}
