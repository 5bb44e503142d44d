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

/** A token of no project, as it was refused last. */
export type Stranger = { readonly reason: string; readonly source: string; readonly at: number };

/** What is older has nothing to do with whom somebody connects right now. */
const strangerMsMax = 15 * 60_000;
const strangersMax = 3;

/** Each token and site once, newest first. */
export function strangersOf(records: readonly RejectedEntry[], nowMs: number): readonly Stranger[] {
  const found = new Map<string, Stranger>();
  for (const { reason, source, receivedAt } of records) {
    if (receivedAt < nowMs - strangerMsMax || found.has(reason)) continue;
    found.set(reason, { reason, source, at: receivedAt });
  }
  return [...found.values()].slice(0, strangersMax);
}
