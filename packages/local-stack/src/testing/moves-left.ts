import { createDb } from '@arbor/db';
import type { RunFile } from '../run-file.ts';

/** How many moves of users between shards the stack has in each state. */
export async function movesByState(run: RunFile): Promise<ReadonlyMap<string, number>> {
  const db = createDb(run.postgres.url);
  try {
    const groups = await db.userMove.groupBy({ by: ['state'], _count: true });
    return new Map(groups.map(({ state, _count }) => [state, _count]));
  } finally {
    await db.$disconnect();
  }
}
