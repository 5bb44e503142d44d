import { keepPeople, readPeople, type UnfinishedMove } from '@arbor/db/moves';
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
  /** Whose files were read: who was found to be one with him later is added. */
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
  return Promise.all(read.map((one) => keptOf(pool, one, known.get(one.move.id) ?? null)));
}

async function keptOf(pool: pg.Pool, read: ReadUser, known: Buffer | null): Promise<KeptPeople> {
  const { move, user, version } = read;
  const kept = known === null ? { version: 0, users: [], batches: [] } : decodeKept(known);
  const isKept = new Set(kept.users);
  const fresh = [...user.ids.values()].filter((id) => !isKept.has(id));
  // An older replica must not say what is in files: it is read again.
  const isOlder = version < kept.version;
  if (isOlder || (known !== null && fresh.length === 0)) return kept;
  const profiles = Object.fromEntries(
    Object.entries(user.profiles).filter(([id]) => !isKept.has(id)),
  );
  const now = peopleBatches(move, move.toShard, { ...user, profiles });
  const batches = together(kept.batches, now);
  const next: KeptPeople = { version, users: [...kept.users, ...fresh], batches };
  if (await keepPeople(pool, move.id, { before: known, after: encodeKept(next) })) return next;
  // Somebody else was first.
  return keptOf(pool, read, (await readPeople(pool, [move.id])).get(move.id) ?? null);
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
