import { keepPeople, readOthersPeople, readPeople, type UnfinishedMove } from '@arbor/db/moves';
import type { MoveBatch } from '@arbor/engine/moves/move-batches';
import { peopleBatches } from '@arbor/engine/moves/move-people';
import type { MovingUser } from '@arbor/engine/moves/moving-users';
import type pg from 'pg';
import { z } from 'zod';

/**
 * What was said of a user who moves, as batches, when he was read for the first time. It is kept with the move: what files
 * say of him changes when more of his updates become files, and two readings of it would count some of these twice.
 */
const keptPeopleSchema = z.object({
  /** Of the catalog that was read. What was not in its files is in the batches, or came later. */
  version: z.number().int(),
  /** Whose files were read, and whose updates this move brings: who was found to be one with him later is added. */
  users: z.array(z.string()),
  batches: z.array(
    z.object({
      batchId: z.string(),
      sequence: z.number(),
      hasPeople: z.boolean(),
      bytes: z.base64(),
    }),
  ),
});

export interface KeptPeople {
  readonly version: number;
  readonly users: readonly string[];
  readonly batches: readonly MoveBatch[];
}

/** A user as a replica has him, and the version of the catalog below it. */
export interface ReadUser {
  readonly move: UnfinishedMove;
  readonly user: MovingUser;
  readonly version: number;
}

/** What is kept of each, in their order; of whom nothing is kept yet, what was read now. */
export async function keptPeople(pool: pg.Pool, read: readonly ReadUser[]): Promise<KeptPeople[]> {
  const known = await readPeople(
    pool,
    read.map(({ move }) => move.id),
  );
  // Of those who become one each must see what the one before brings.
  const last = new Map<string, Promise<unknown>>();
  return Promise.all(
    read.map((one) => {
      const { id, winner } = one.move;
      const before = last.get(winner) ?? Promise.resolve();
      const own = before.then(() => keptOf(pool, one, known.get(id) ?? null));
      last.set(winner, own);
      return own;
    }),
  );
}

async function keptOf(pool: pg.Pool, read: ReadUser, known: Buffer | null): Promise<KeptPeople> {
  const { move, user, version } = read;
  const kept = known === null ? { version: 0, users: [], batches: [] } : decodeKept(known);
  const isKept = new Set(kept.users);
  const unknown = [...user.ids.values()].filter((id) => !isKept.has(id));
  // An older replica must not say what is in files: it is read again.
  const isOlder = version < kept.version;
  if (isOlder || (known !== null && unknown.length === 0)) return kept;
  const broughtByOthers = await usersOfOthers(pool, read);
  const fresh = new Set(unknown.filter((id) => !broughtByOthers.has(id)));
  if (known !== null && fresh.size === 0) return kept;
  const users = [...kept.users, ...fresh];
  const next: KeptPeople = { version, users, batches: batchesNow(kept, read, fresh) };
  if (await keepPeople(pool, move.id, { before: known, after: encodeKept(next) })) return next;
  const again = (await readPeople(pool, [move.id])).get(move.id) ?? null;
  // It is done: whoever is so late has nothing to bring.
  if (known === null && again === null) return { version, users: [], batches: [] };
  // Somebody else was first.
  return keptOf(pool, read, again);
}

/** What is kept, and what is said now of those who are kept, and of the fresh ones also by files. */
function batchesNow(
  { users, batches }: KeptPeople,
  { move, user }: ReadUser,
  fresh: ReadonlySet<string>,
): MoveBatch[] {
  // Files that know of the merges have under the winner what was the loser's: nobody has read it who brings him.
  const isRead = (id: string): boolean =>
    fresh.has(id) || (id === move.winner && batches.length === 0 && fresh.has(move.loser));
  const profiles = Object.fromEntries(Object.entries(user.profiles).filter(([id]) => isRead(id)));
  const brought = new Set([...users, ...fresh]);
  const updates = user.updates.filter(({ update }) => brought.has(update.user));
  return together(batches, peopleBatches(move, move.toShard, { ...user, profiles, updates }));
}

/**
 * Users whose updates other moves bring: of two who leave a shard and become one each finds the other there, and nothing
 * tells that an update came with both. Whoever was read first brings it.
 */
async function usersOfOthers(
  pool: pg.Pool,
  { move, user }: ReadUser,
): Promise<ReadonlySet<string>> {
  const own = new Set([move.loser, move.winner]);
  const losers = [...user.ids.values()].filter((id) => !own.has(id));
  if (losers.length === 0) return new Set();
  const others = await readOthersPeople(pool, move, losers);
  return new Set(others.flatMap((people) => decodeKept(people).users));
}

/** By id of the move, where anything is kept. */
export async function keptBefore(
  pool: pg.Pool,
  moves: readonly UnfinishedMove[],
): Promise<Map<number, KeptPeople>> {
  const known = await readPeople(
    pool,
    moves.map(({ id }) => id),
  );
  return new Map(Array.from(known, ([id, bytes]) => [id, decodeKept(bytes)]));
}

/** What is to be sent of a user's people: what is kept, and what came since. */
export function batchesOf(
  kept: KeptPeople,
  { move, user }: Pick<ReadUser, 'move' | 'user'>,
): readonly MoveBatch[] {
  const isKept = new Set(kept.users);
  const updates = user.updates.filter(({ update }) => isKept.has(update.user));
  const now = peopleBatches(move, move.toShard, { ...user, updates, profiles: {} });
  return together(kept.batches, now);
}

/** Each once. */
function together(some: readonly MoveBatch[], more: readonly MoveBatch[]): MoveBatch[] {
  const byId = new Map([...some, ...more].map((batch) => [batch.batchId, batch]));
  return [...byId.values()];
}

function encodeKept({ batches, ...kept }: KeptPeople): Buffer {
  const written = batches.map(({ bytes, ...batch }) => {
    return { ...batch, bytes: Buffer.from(bytes).toString('base64') };
  });
  return Buffer.from(JSON.stringify({ ...kept, batches: written }));
}

function decodeKept(bytes: Buffer): KeptPeople {
  const { batches, ...kept } = keptPeopleSchema.parse(JSON.parse(bytes.toString()));
  return {
    ...kept,
    batches: batches.map((batch) => ({ ...batch, bytes: Buffer.from(batch.bytes, 'base64') })),
  };
}
