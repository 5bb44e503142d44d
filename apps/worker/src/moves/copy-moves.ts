import type { UnfinishedMove } from '@arbor/db/moves';
import type { DayMove, MovingDay } from '@arbor/engine/moves/read-moves';
import type { MoveBatch } from '@arbor/engine/moves/move-batches';
import type { MovingUsers } from '@arbor/engine/moves/moving-users';
import { storeQueue } from '@arbor/queue/queue-names';
import { batchesOf, type KeptPeople, keptPeople, type ReadUser } from './kept-people.ts';
import type { MoverContext, MoverShard } from './mover-context.ts';
import { BatchSender } from './send-batches.ts';

/** Where what is copied may lie: memory alone has what came a moment ago. */
export type CopyFrom = 'everywhere' | 'memory';

export interface CopyOptions {
  readonly from: CopyFrom;
  /** Of moves that were copied before: rows of the memory before this one are known. */
  readonly firstRows?: ReadonlyMap<number, number>;
  readonly signal: AbortSignal;
}

/** What was found of a move in the shard that its user leaves. */
export interface CopiedMove {
  /** Ids under which something lay. */
  readonly ids: readonly string[];
  /** Rows that the memory had. */
  readonly memoryRows: number;
}

/**
 * Brings everything that these users have in the shards that they leave to where they belong, and resolves when it is
 * stored there in every zone. What is there already is not sent again, so it may be done any number of times, by
 * any process, also after one died half-way. Answers by move.
 */
export async function copyMoves(
  context: MoverContext,
  moves: readonly UnfinishedMove[],
  options: CopyOptions,
): Promise<ReadonlyMap<number, CopiedMove>> {
  const copied = new Map<number, CopiedMove>();
  for (const group of independent(moves, context.limits.movesAtOnce)) {
    const sender = new BatchSender(context, options.signal);
    for (const shard of new Set(group.map(({ fromShard }) => fromShard))) {
      const own = group.filter(({ fromShard }) => fromShard === shard);
      const { users, memoryRows } = await copyShard(context, {
        shard,
        moves: own,
        sender,
        options,
      });
      for (const [i, { id }] of own.entries()) {
        copied.set(id, { ids: [...(users[i]?.ids.values() ?? [])], memoryRows });
      }
    }
    await sender.stored();
  }
  return copied;
}

/** In their order, in groups: what a move needs of an earlier one of the same user is stored before it begins. */
export function independent(
  moves: readonly UnfinishedMove[],
  countMax: number,
): UnfinishedMove[][] {
  const groups: UnfinishedMove[][] = [];
  let users = new Set<string>();
  for (const move of moves) {
    const last = groups.at(-1);
    const isApart = users.has(move.loser) || users.has(move.winner);
    if (last === undefined || isApart || last.length >= countMax) {
      groups.push([move]);
      users = new Set();
    } else {
      last.push(move);
    }
    users.add(move.loser).add(move.winner);
  }
  return groups;
}

interface ShardCopy {
  readonly shard: number;
  readonly moves: readonly UnfinishedMove[];
  readonly sender: BatchSender;
  readonly options: CopyOptions;
}

async function copyShard(context: MoverContext, copy: ShardCopy): Promise<MovingUsers> {
  const { shard, moves, sender, options } = copy;
  const unit = context.shards.get(shard);
  if (unit === undefined) throw new Error(`shard ${shard} is not kept by this process`);
  await caughtUp(context, shard, options.signal);
  // What was divided off lies under its own id from the version on that the task made.
  if (moves.some(({ sequence }) => sequence === null)) await unit.follower.refresh();
  const { moving, read, kept } = await readUsers(context, unit, copy);
  const people = read.flatMap((one, i) => {
    const own = kept[i];
    const batches = own === undefined ? [] : batchesOf(own, one);
    return batches.map((batch) => ({ ...batch, shard: one.move.toShard }));
  });
  await sender.send(people);
  await copyEvents(context, copy, moving);
  return moving;
}

/** Of a replica that has at least the files that were read when the first of these was read for the first time. */
async function readUsers(
  { pool, pause, limits }: MoverContext,
  unit: MoverShard,
  { moves, options: { firstRows, signal } }: ShardCopy,
): Promise<{ moving: MovingUsers; read: ReadUser[]; kept: readonly KeptPeople[] }> {
  for (;;) {
    signal.throwIfAborted();
    const moving = unit.store.movingUsers(
      moves[0]?.project ?? 0,
      moves.map(({ id, loser }) => ({ loser, firstRow: firstRows?.get(id) ?? 0 })),
    );
    const version = unit.store.catalogVersion;
    const read = moves.flatMap((move, i) => {
      const user = moving.users[i];
      return user === undefined ? [] : [{ move, user, version }];
    });
    const kept = await keptPeople(pool, read);
    if (kept.every((one) => one.version <= version)) return { moving, read, kept };
    if (!(await unit.follower.refresh())) await pause(limits.storedEveryMs);
  }
}

async function copyEvents(
  context: MoverContext,
  { shard, moves, sender, options: { from } }: ShardCopy,
  moving: MovingUsers,
): Promise<void> {
  const known = moves.flatMap((move, i): DayMove[] => {
    const ids = moving.users[i]?.ids;
    return ids === undefined || ids.size === 0 ? [] : [{ move, toShard: move.toShard, ids }];
  });
  const [first] = moves;
  if (first === undefined || known.length === 0) return;
  const days = daysOf(moving, from).map((day): MovingDay => ({
    owner: { project: first.project, shard, day },
    segments: from === 'memory' ? [] : moving.segments.filter((segment) => segment.day === day),
    memory: moving.memory.get(day) ?? [],
    moves: known,
  }));
  const { daysAtOnce } = context.limits;
  const read = (start: number): Promise<MoveBatch[][]> => {
    const some = days.slice(start, start + daysAtOnce);
    const made = context.reader.run({ type: 'read moves', days: some });
    // It is told where it is awaited, unless what comes before fails: then nobody waits for it any more.
    made.catch(() => undefined);
    return made;
  };
  let next = read(0);
  for (let start = 0; start < days.length; start += daysAtOnce) {
    const made = await next;
    const placed = known.flatMap(({ toShard }, i) =>
      (made[i] ?? []).map((batch) => ({ ...batch, shard: toShard })),
    );
    // The thread reads the next days while others store these: queries wait for all of them.
    if (start + daysAtOnce < days.length) next = read(start + daysAtOnce);
    await sender.send(placed);
  }
}

function daysOf({ segments, memory }: MovingUsers, from: CopyFrom): number[] {
  const days = from === 'memory' ? [] : segments.map(({ day }) => day);
  return [...new Set([...days, ...memory.keys()])].sort((one, other) => one - other);
}

/**
 * Resolves when everything is stored in the replica of this process that anybody may have seen in another one by now: what
 * waits there too nobody has seen, so that moves do not wait for what is late everywhere.
 */
async function caughtUp(
  { queues, zone, zones, pause, limits }: MoverContext,
  shard: number,
  signal: AbortSignal,
): Promise<void> {
  const own = storeQueue(shard, zone);
  const { waiting, inHand } = await queues.unfinished(own);
  const ids = new Set<string>();
  for (const other of zones.filter((one) => one !== zone)) {
    // Looked at after this zone: a job that was done there in between is one to wait for.
    const there = new Set((await queues.unfinished(storeQueue(shard, other))).waiting);
    for (const id of [...waiting, ...inHand]) if (!there.has(id)) ids.add(id);
  }
  let jobs = [...ids].map((id) => ({ queue: own, id }));
  for (;;) {
    signal.throwIfAborted();
    jobs = await queues.stillUnfinished(jobs);
    if (jobs.length === 0) return;
    await pause(limits.storedEveryMs);
  }
}
