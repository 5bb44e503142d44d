import { projectsLeaving, unfinishedMoves } from '@arbor/db/moves';
import type { StoreProducer } from '@arbor/queue/store-producer';
import type pg from 'pg';
import type { MoverShard } from './mover-context.ts';
import { batchesOf, keptBefore, keptPeople, type ReadUser } from './kept-people.ts';

/**
 * Sends after those who leave a shard what came for their profiles since they were read: it is about to become part of
 * files (of this version of the catalog), where it could not be told any more from what was sent. Whom nobody has read yet,
 * and whoever is read from these files, is none of those; who was found to be one with somebody only since then is read here.
 */
export async function forwardPeople(
  { pool, send }: { readonly pool: pg.Pool; readonly send: StoreProducer['send'] },
  {
    shard,
    store,
  }: {
    readonly shard: number;
    readonly store: Pick<MoverShard['store'], 'movingUsers' | 'catalogVersion'>;
  },
  version: number,
): Promise<void> {
  for (const project of await projectsLeaving(pool, shard)) {
    const moves = (await unfinishedMoves(pool, project)).filter((one) => one.fromShard === shard);
    const { users } = store.movingUsers(
      project,
      moves.map(({ loser }) => ({ loser })),
    );
    const readVersion = store.catalogVersion;
    const before = await keptBefore(pool, moves);
    const read = moves.flatMap((move, i): ReadUser[] => {
      const user = users[i];
      if (user === undefined || !before.has(move.id)) return [];
      return [{ move, user, version: readVersion }];
    });
    const kept = await keptPeople(pool, read);
    const batches = read.flatMap((one, i) => {
      const own = kept[i];
      if (own === undefined || own.version >= version) return [];
      // Whoever copies him sends what was kept before.
      const wasKept = new Set(before.get(one.move.id)?.batches.map(({ batchId }) => batchId));
      return batchesOf(own, one)
        .filter(({ batchId }) => !wasKept.has(batchId))
        .map(({ batchId, bytes }) => ({ shard: one.move.toShard, batchId, bytes, isUrgent: true }));
    });
    if (batches.length > 0) await send(batches);
  }
}
