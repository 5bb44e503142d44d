import { createHash } from 'node:crypto';
import { limits } from '@arbor/schema/limits';
import { type BatchEvent, encodeRowBatch, type RowBatch } from '../../format/row-batch.ts';
import type { MovedEvent } from './moved-event.ts';

/** A user who moves: what every batch of the move says alike. */
export interface Move {
  readonly id: number;
  readonly project: number;
  readonly loser: string;
  readonly winner: string;
  /** Of the batch whose link it was; null = of a user who was divided, whose id stays. */
  readonly sequence: number | null;
  /** When the move came to be, ms: stands for the arrival of all its batches, which only tells how long they wait. */
  readonly createdAt: number;
}

/** A row batch of a move, for the shard it goes to. */
export interface MoveBatch {
  readonly batchId: string;
  readonly sequence: number;
  readonly hasPeople: boolean;
  readonly bytes: Uint8Array;
}

/** "~" sorts behind everything that other ids begin with: of equal copies that of the latest move counts. */
const prefix = '~move-';
const digits = 12;

/** The number of the move that a batch belongs to; null = it is of none. */
export function moveOfBatch(batchId: string): number | null {
  if (!batchId.startsWith(prefix)) return null;
  return Number(batchId.slice(prefix.length, prefix.length + digits));
}

/**
 * The events of one day as row batches of the winner, a batch for each sequence that they came with (and for each
 * `limits.recordsPerRequestMax` of those): place among others and duplicate key are what they were.
 *
 * **Invariant:** an id says what is in the batch, by a digest. Whoever copies a user once more, from another replica or at
 * another moment, makes the same batch where the events are the same, and another one where they are not; events that
 * come in two batches are copies of each other.
 */
export function eventBatches(
  move: Move,
  shard: number,
  { day, events }: { readonly day: number; readonly events: readonly MovedEvent[] },
): MoveBatch[] {
  const batches: MoveBatch[] = [];
  for (const [sequence, own] of bySequence(events)) {
    const placed = own.sort(byArrival).map(({ event }, i) => placedEvent(event, move.winner, i));
    for (let start = 0; start < placed.length; start += limits.recordsPerRequestMax) {
      const part = placed.slice(start, start + limits.recordsPerRequestMax);
      const name = `${sequence.toString(36)}-${day}-${String(start).padStart(9, '0')}`;
      batches.push(sealed(move, name, { ...emptyBatch(move, shard), sequence, events: part }));
    }
  }
  return batches;
}

/** Member by member: a spread of a million events took a fifth of the copy. The order is part of what the digest says. */
function placedEvent(event: MovedEvent['event'], user: string, position: number): BatchEvent {
  const { event: name, time, sentTime, distinctId, insertId, properties } = event;
  return { event: name, time, sentTime, distinctId, insertId, properties, user, position };
}

/** One without anything in it. */
export function emptyBatch({ project, createdAt }: Move, shard: number): RowBatch {
  return {
    batchId: prefix,
    project,
    shard,
    sequence: 0,
    receivedAt: createdAt,
    events: [],
    persons: [],
    links: [],
  };
}

/** A batch under its name in the move. */
export function sealed({ id }: Move, name: string, batch: RowBatch): MoveBatch {
  const digest = createHash('sha256').update(JSON.stringify(batch)).digest('hex').slice(0, 24);
  const batchId = `${prefix}${String(id).padStart(digits, '0')}-${name}-${digest}`;
  return {
    batchId,
    sequence: batch.sequence,
    hasPeople: batch.persons.length > 0,
    bytes: encodeRowBatch({ ...batch, batchId }),
  };
}

function bySequence(events: readonly MovedEvent[]): Map<number, MovedEvent[]> {
  const groups = new Map<number, MovedEvent[]>();
  for (const event of events) {
    const own = groups.get(event.sequence);
    if (own === undefined) groups.set(event.sequence, [event]);
    else own.push(event);
  }
  return groups;
}

/** By owner: ordinals differ between replicas in memory, but an order is all that is needed among equals. */
function byArrival(one: MovedEvent, other: MovedEvent): number {
  return one.event.time - other.event.time || one.owner - other.owner || one.tie - other.tie;
}
