import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { list, record } from './audit-log.ts';

let db: Db;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());

/** No other test's. */
const projectId = 880_001;

test('keeps what was done, newest first, page by page', async () => {
  expect(await list(db, projectId)).toEqual({ entries: [], next: null });
  for (let n = 0; n < 101; n++) {
    await record(db, { projectId, actor: 'ann@example.com', action: 'person.edit', target: `u${n}` });
  }
  await record(db, { projectId: projectId + 1, actor: 'bob', action: 'person.edit' });
  await record(db, { projectId, actor: 'ann', action: 'identity.mode', details: { is: 'legacy' } });
  const first = await list(db, projectId);
  expect(first.entries).toHaveLength(100);
  expect(first.entries[0]).toMatchObject({
    actor: 'ann',
    action: 'identity.mode',
    target: null,
    details: { is: 'legacy' },
  });
  const rest = await list(db, projectId, first.next);
  expect(rest.entries.map(({ target }) => target)).toEqual(['u1', 'u0']);
  expect(rest.next).toBeNull();
});

test('forgets an entry with the transaction that made it', async () => {
  const own = projectId + 2;
  const failing = db.$transaction(async (tx) => {
    await record(tx, { projectId: own, actor: 'ann', action: 'identity.undo' });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await list(db, own)).entries).toEqual([]);
});
