import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readMoves } from './project-moves.ts';

let db: Db;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());

test('knows the greatest move of a project, and those that are not done', async () => {
  // No other test's.
  const project = 880_101;
  expect(await readMoves(db, project)).toEqual({ epoch: 0, unfinished: [] });
  const ids: number[] = [];
  for (const [loser, state] of [
    ['a "quoted" id', 'pending'],
    ['b', 'copied'],
    ['c', 'done'],
  ] as const) {
    const data = { project, loser, winner: 'w', fromShard: 3, toShard: 1, state };
    const { id } = await db.userMove.create({ data });
    ids.push(Number(id));
  }
  await db.userMove.create({
    data: { project: project + 1, loser: 'x', winner: 'w', fromShard: 0, toShard: 1 },
  });
  const { epoch, unfinished } = await readMoves(db, project);
  expect(epoch).toBe(Math.max(...ids));
  expect(unfinished.toSorted((one, other) => (one.loser < other.loser ? -1 : 1))).toEqual([
    { loser: 'a "quoted" id', shard: 3, state: 'pending' },
    { loser: 'b', shard: 3, state: 'copied' },
  ]);
});
