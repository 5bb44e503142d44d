import { projectsLeaving, unfinishedMoves } from '@arbor/db/moves';
import type { StoreProducer } from '@arbor/queue/store-producer';
import type pg from 'pg';
import type { MoverShard } from './mover-context.ts';
import { batchesOf, keptBefore } from './kept-people.ts';

/**
 * Sends after those who leave a shard what came for their profiles since they were read: it is about to become part of
 * files (of this version of the catalog), where it could not be told any more from what was sent. Whom nobody has read yet,
 * and whoever is read from these files, is none of those.
 */
export async function forwardPeople(
  { pool, send }: { readonly pool: pg.Pool; readonly send: StoreProducer['send'] },
  {
    shard,
    store,
  }: { readonly shard: number; readonly store: Pick<MoverShard['store'], 'movingUsers'> },
  version: number,
): Promise<void> {
  for (const project of await projectsLeaving(pool, shard)) {
    const moves = (await unfinishedMoves(pool, project)).filter((one) => one.fromShard === shard);
    const { users } = store.movingUsers(
      project,
      moves.map(({ loser }) => ({ loser })),
    );
    const kept = await keptBefore(pool, moves);
    const batches = moves.flatMap((move, i) => {
      const [own, user] = [kept.get(move.id), users[i]];
      if (own === undefined || user === undefined || own.version >= version) return [];
      // Whoever copies him sends what is kept.
      const isKept = new Set(own.batches.map(({ batchId }) => batchId));
      return batchesOf(own, { move, user })
        .filter(({ batchId }) => !isKept.has(batchId))
        .map(({ batchId, bytes }) => ({ shard: move.toShard, batchId, bytes, isUrgent: true }));
    });
    if (batches.length > 0) await send(batches);
  }
}
