import type { UnfinishedMove } from '@arbor/db/moves';
import type { DayMove } from '@arbor/engine/moves/read-moves';
import { profileBatches } from '@arbor/engine/moves/move-batches';
import type { MovingUsers } from '@arbor/engine/moves/moving-users';
import { storeQueue } from '@arbor/queue/queue-names';
import { stillUnfinished, unfinishedJobs } from '@arbor/queue/unfinished-jobs';
import type { MoverContext } from './mover-context.ts';
import { BatchSender } from './send-batches.ts';

/** Where what is copied may lie: memory alone has what came a moment ago. */
export type CopyFrom = 'everywhere' | 'memory';

/**
 * Brings everything that these users have in the shards that they leave to where they belong, and resolves when it is
 * stored there in every zone. What is there already is not sent again, so it may be done any number of times, by
 * any process, also after one died half-way. Answers by move the ids under which something lay.
 */
export async function copyMoves(
  context: MoverContext,
  moves: readonly UnfinishedMove[],
  { from, signal }: { readonly from: CopyFrom; readonly signal: AbortSignal },
): Promise<ReadonlyMap<number, readonly string[]>> {
  const ids = new Map<number, readonly string[]>();
  for (const group of independent(moves, context.limits.movesAtOnce)) {
    const sender = new BatchSender(context, signal);
    for (const shard of new Set(group.map(({ fromShard }) => fromShard))) {
      const own = group.filter(({ fromShard }) => fromShard === shard);
      const users = await copyShard(context, { shard, moves: own, from, sender, signal });
      for (const [i, move] of own.entries()) ids.set(move.id, [...(users[i]?.ids.values() ?? [])]);
    }
    await sender.stored();
  }
  return ids;
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
  readonly from: CopyFrom;
  readonly sender: BatchSender;
  readonly signal: AbortSignal;
}

async function copyShard(
  context: MoverContext,
  { shard, moves, from, sender, signal }: ShardCopy,
): Promise<MovingUsers['users']> {
  const unit = context.shards.get(shard);
  if (unit === undefined) throw new Error(`shard ${shard} is not kept by this process`);
  await caughtUp(context, shard, signal);
  // What was divided off lies under its own id from the version on that the task made.
  if (moves.some(({ sequence }) => sequence === null)) await unit.follower.refresh();
  const [first] = moves;
  if (first === undefined) return [];
  const moving = unit.store.movingUsers(
    first.project,
    moves.map(({ loser }) => loser),
  );
  const known = moves.flatMap((move, i): DayMove[] => {
    const ids = moving.users[i]?.ids ?? new Map<number, string>();
    return ids.size === 0 ? [] : [{ move, toShard: move.toShard, ids }];
  });
  for (const [i, move] of moves.entries()) {
    const batches = profileBatches(move, move.toShard, moving.users[i]?.profile);
    await sender.send(batches.map((batch) => ({ ...batch, shard: move.toShard })));
  }
  if (known.length > 0) {
    for (const day of daysOf(moving, from)) {
      const owner = { project: first.project, shard, day };
      const segments =
        from === 'memory' ? [] : moving.segments.filter((segment) => segment.day === day);
      const memory = moving.memory.get(day) ?? [];
      const read = { owner, segments, memory, moves: known };
      const made = await context.reader.run({ type: 'read moves', day: read });
      for (const [i, { toShard }] of known.entries()) {
        await sender.send((made[i] ?? []).map((batch) => ({ ...batch, shard: toShard })));
      }
    }
  }
  return moving.users;
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
  { redis, zone, zones, pause, limits }: MoverContext,
  shard: number,
  signal: AbortSignal,
): Promise<void> {
  const own = storeQueue(shard, zone);
  const { waiting, inHand } = await unfinishedJobs(redis, own);
  const ids = new Set<string>();
  for (const other of zones.filter((one) => one !== zone)) {
    // Looked at after this zone: a job that was done there in between is one to wait for.
    const there = new Set((await unfinishedJobs(redis, storeQueue(shard, other))).waiting);
    for (const id of [...waiting, ...inHand]) if (!there.has(id)) ids.add(id);
  }
  let jobs = [...ids].map((id) => ({ queue: own, id }));
  for (;;) {
    signal.throwIfAborted();
    jobs = await stillUnfinished(redis, jobs);
    if (jobs.length === 0) return;
    await pause(limits.storedEveryMs);
  }
}
