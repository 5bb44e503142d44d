import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@arbor/db';
import type { LqsMoves } from '@arbor/schema/lqs';
import { z } from 'zod';
import type { ProjectMoves } from './ports.ts';

/** Copying a user of a few events takes about as long; of a million, seconds. */
const pauseMs = { first: 20, last: 200 };

const knownMovesSchema = z.object({
  epoch: z.number().int(),
  unfinished: z.array(
    z.object({ state: z.enum(['pending', 'copied']), shard: z.number().int(), loser: z.string() }),
  ),
});

/** What of the moves of a project the database knows at one moment. */
export type KnownMoves = z.infer<typeof knownMovesSchema>;

export function createProjectMoves(options: {
  readonly read: (project: number) => Promise<KnownMoves>;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}): ProjectMoves {
  const { read, pause = (ms, signal) => sleep(ms, undefined, { signal }) } = options;
  return {
    async settled({ id, spread }, signal) {
      if (spread === 1) return undefined;
      for (let ms = pauseMs.first; ; ms = Math.min(2 * ms, pauseMs.last)) {
        signal.throwIfAborted();
        const { epoch, unfinished } = await read(id);
        if (unfinished.every(({ state }) => state === 'copied')) {
          return { epoch, leftOut: byShard(unfinished) };
        }
        await pause(ms, signal);
      }
    },
  };
}

/** One statement, so that all of it is of one moment. */
export async function readMoves(db: Db, project: number): Promise<KnownMoves> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT coalesce((SELECT max(id) FROM user_moves WHERE project = ${project}), 0)::float8 AS epoch,
      coalesce((
        SELECT json_agg(json_build_object('state', state, 'shard', from_shard, 'loser', loser))
        FROM user_moves WHERE project = ${project} AND state <> 'done'
      ), '[]') AS unfinished`;
  return knownMovesSchema.parse(rows[0]);
}

function byShard(moves: KnownMoves['unfinished']): LqsMoves['leftOut'] {
  const users = new Map<number, Set<string>>();
  for (const { shard, loser } of moves) {
    const own = users.get(shard);
    if (own === undefined) users.set(shard, new Set([loser]));
    else own.add(loser);
  }
  return Array.from(users, ([shard, losers]) => ({ shard, users: [...losers] }));
}
