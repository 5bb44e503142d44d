import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { changeProjectSchema } from './change-project.ts';
import { createProjectStore } from './project-store.ts';

let db: Db;
let projectId: number;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());
beforeEach(async () => {
  const token = crypto.randomUUID();
  const { id: organizationId } = await db.organization.create({ data: { name: token } });
  const data = { organizationId, name: 'Shop', token, timezone: 'UTC' };
  projectId = (await db.project.create({ data })).id;
});

const ann = 'ann@example.com';

test('changes what is named, leaves the rest, and writes down both', async () => {
  const change = changeProjectSchema.parse({ name: ' Store ', timezone: 'Europe/Berlin' });
  const changed = await createProjectStore(db).change(projectId, change, ann);
  const after = { name: 'Store', timezone: 'Europe/Berlin', weekStart: 1, quarterStart: 1 };
  expect(changed).toMatchObject({ id: projectId, ...after });
  const { entries } = await createAuditLog(db).list(projectId, { limit: 10 });
  expect(entries).toMatchObject([
    {
      actor: ann,
      action: 'project.change',
      details: { before: { name: 'Shop', timezone: 'UTC' }, after },
    },
  ]);
});

test('has nothing to change of a project that is not there', async () => {
  expect(await createProjectStore(db).change(2_000_000_000, { name: 'x' }, ann)).toBeNull();
});

test('knows whether other organisations have projects, beside the demo', async () => {
  const fresh = await freshDatabase(inject('databaseUrl'));
  const made = async (name: string, isDemo: boolean): Promise<number> => {
    const { id } = await fresh.db.organization.create({ data: { name } });
    const data = { organizationId: id, name, token: name, timezone: 'UTC', isDemo };
    await fresh.db.project.create({ data });
    return id;
  };
  const store = createProjectStore(fresh.db);
  const acme = await made('Acme', false);
  await made('Demo', true);
  expect(await store.hasOthers(acme)).toBe(false);
  const other = await made('Other', false);
  expect([await store.hasOthers(acme), await store.hasOthers(other)]).toEqual([true, true]);
  await fresh.drop();
});

test.each([
  [{}, 'must change something'],
  [{ timezone: '+01:00' }, 'must be an IANA time zone'],
  [{ weekStart: 8 }, 'weekStart'],
  [{ name: '  ' }, 'name'],
  [{ allowedOrigins: ['https://shop.example/path'] }, 'must be an origin'],
  [{ allowedOrigins: ['*'] }, 'must be an origin'],
])('refuses %o', (change, words) => {
  const { error } = changeProjectSchema.safeParse(change);
  expect(JSON.stringify(error?.issues)).toContain(words);
});
