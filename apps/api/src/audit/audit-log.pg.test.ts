import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createAuditLog, recordIn } from './audit-log.ts';

let db: Db;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());

/** No other test's. */
const projectId = 880_001;

test('keeps what was done, newest first, page by page', async () => {
  const log = createAuditLog(db);
  const actor = 'ann@example.com';
  for (const target of ['u1', 'u2', 'u3']) {
    await log.record({ projectId, actor, action: 'person.edit', target });
  }
  await log.record({ projectId: projectId + 1, actor: 'bob', action: 'person.edit' });
  const first = await log.list(projectId, { limit: 2 });
  expect(first.entries.map(({ target }) => target)).toEqual(['u3', 'u2']);
  expect(first.entries[0]).toMatchObject({ actor, action: 'person.edit', details: null });
  const rest = await log.list(projectId, { limit: 2, cursor: first.next ?? '' });
  expect(rest.entries.map(({ target }) => target)).toEqual(['u1']);
  expect(rest.next).toBeNull();
  const ofOne = await log.list(projectId, { limit: 2, target: 'u2' });
  expect(ofOne.entries.map(({ target }) => target)).toEqual(['u2']);
  await expect(log.list(projectId, { limit: 2, cursor: 'x' })).rejects.toThrow(
    '"x" is no cursor of this list',
  );
});

test('forgets an entry with the transaction that made it', async () => {
  const own = projectId + 2;
  const failing = db.$transaction(async (tx) => {
    await recordIn(tx, { projectId: own, actor: 'ann', action: 'identity.undo' });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await createAuditLog(db).list(own, { limit: 1 })).entries).toEqual([]);
});
