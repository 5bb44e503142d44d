import type { DayOwner } from '../rewrite.ts';
import { readSegment } from '../read-segment.ts';
import { eventBatches, type Move, type MoveBatch } from './move-batches.ts';
import type { MovedEvent } from './moved-event.ts';
import { segmentEvents } from './segment-events.ts';

/** One day of users who move: plain data, for the thread that reads segments. */
export interface MovingDay {
  /** Of the shard they leave. */
  readonly owner: DayOwner;
  readonly segments: readonly { readonly path: string; readonly hiddenRows: Uint32Array }[];
  readonly memory: readonly MovedEvent[];
  readonly moves: readonly DayMove[];
}

export interface DayMove {
  readonly move: Move;
  readonly toShard: number;
  readonly ids: ReadonlyMap<number, string>;
}

/** The batches of each move, in the order of the moves, which are those of every day. Throws what reading a segment throws. */
export function readMoves(days: readonly MovingDay[]): MoveBatch[][] {
  const read = days.map(readDay);
  return (days[0]?.moves ?? []).map((_, i) => read.flatMap((batches) => batches[i]));
}

function readDay({ owner, segments, memory, moves }: MovingDay): MoveBatch[][] {
  const ids = new Map(moves.flatMap((move) => [...move.ids]));
  const { day } = owner;
  const events = segments.flatMap(({ path, hiddenRows }) =>
    readSegment(path, owner, (file) => segmentEvents(file, { day, hiddenRows, ids })),
  );
  const all = [...events, ...memory];
  return moves.map(({ move, toShard, ids: own }) => {
    const of = all.filter((event) => own.has(event.owner));
    return of.length === 0 ? [] : eventBatches(move, toShard, { day, events: of });
  });
}
