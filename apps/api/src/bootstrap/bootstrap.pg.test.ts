import type { Db } from '@arbor/db';
import { hashSecret } from '@arbor/db/secrets';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import type { BootstrapEntry } from './bootstrap.ts';
import { applyBootstrap, parseBootstrap } from './bootstrap.ts';

let db: Db;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ db, drop } = await freshDatabase(inject('databaseUrl')));
});

afterAll(() => drop());

const apply = (entries: object[]): Promise<void> =>
  applyBootstrap(db, parseBootstrap(JSON.stringify(entries)), { demoProjectId: 1000 });

const shop = {
  org: 'Acme',
  project: 'Shop',
  id: 1,
  token: 'shop-token',
  secret: 'shop-secret',
  timezone: 'Europe/Berlin',
  serviceAccount: { username: 'robot', secret: 'robot-secret' },
  owner: { email: 'Anna@Example.com', password: 'a-long-password' },
};

test('makes organisation, project, service account and owner, and does so only once', async () => {
  await apply([shop]);
  await apply([shop]);
  expect(await db.project.findMany()).toMatchObject([
    {
      id: 1,
      name: 'Shop',
      token: 'shop-token',
      timezone: 'Europe/Berlin',
      spread: 1,
      isDemo: false,
    },
  ]);
  expect((await db.project.findFirst())?.secretHash).toBe(hashSecret('shop-secret'));
  expect(await db.serviceAccount.findMany()).toMatchObject([
    { username: 'robot', secretHash: hashSecret('robot-secret') },
  ]);
  expect(await db.user.findMany()).toMatchObject([{ email: 'anna@example.com', name: 'Anna' }]);
  expect(await db.membership.findMany()).toMatchObject([{ role: 'owner' }]);
});

test('changes what an entry names and leaves the rest as it is', async () => {
  await apply([{ org: 'Acme', project: 'Shop 2', id: 1, timezone: 'UTC' }]);
  expect(await db.project.findUnique({ where: { id: 1 } })).toMatchObject({
    name: 'Shop 2',
    timezone: 'UTC',
    token: 'shop-token',
    secretHash: hashSecret('shop-secret'),
  });
});

test('spreads the users of a new project over shards, and leaves those of one that is there where they are', async () => {
  const entry = { org: 'Acme', project: 'Large', token: 'large-token' };
  await apply([{ ...entry, spread: 4 }]);
  await apply([{ ...entry, spread: 8 }]);
  const where = { token: 'large-token' };
  expect(await db.project.findUnique({ where })).toMatchObject({ spread: 4 });
});

test('does not undo a password that its owner changed', async () => {
  const before = await db.account.findFirst();
  await apply([{ ...shop, owner: { ...shop.owner, password: 'another-password' } }]);
  expect((await db.account.findFirst())?.password).toBe(before?.password);
});

test('finds a project without id by its token, then by its name', async () => {
  await apply([{ org: 'Acme', project: 'Blog', token: 'blog-token' }]);
  const { id } = await db.project.findFirstOrThrow({ where: { token: 'blog-token' } });
  expect(id).toBeGreaterThan(1000);
  await apply([{ org: 'Acme', project: 'Renamed', token: 'blog-token' }]);
  await apply([{ org: 'Acme', project: 'Renamed' }]);
  expect(await db.project.findMany({ where: { token: 'blog-token' } })).toMatchObject([
    { id, name: 'Renamed' },
  ]);
});

test('numbers later projects behind every id that was given by hand', async () => {
  await apply([{ org: 'Acme', project: 'High', id: 5000 }]);
  await apply([{ org: 'Acme', project: 'Next' }]);
  expect(await db.project.findFirst({ where: { name: 'Next' } })).toMatchObject({ id: 5001 });
});

test('refuses the token of another project and then applies nothing', async () => {
  const entries = [
    { org: 'Acme', project: 'New', id: 77 },
    { org: 'Acme', project: 'Thief', id: 78, token: 'shop-token' },
  ];
  await expect(apply(entries)).rejects.toThrow(
    'ARBOR_BOOTSTRAP: the token of project "Thief" belongs to project 1 already: give another one',
  );
  expect(await db.project.findUnique({ where: { id: 77 } })).toBeNull();
});

test('refuses the secret of another project in words', async () => {
  await expect(apply([{ org: 'Acme', project: 'Thief', secret: 'shop-secret' }])).rejects.toThrow(
    'ARBOR_BOOTSTRAP: the secret of project "Thief" belongs to project 1 already: give another one',
  );
});

test('may be applied by several processes at the same time', async () => {
  const entry: BootstrapEntry = { org: 'New', project: 'Together', timezone: 'UTC' };
  await Promise.all([1, 2, 3].map(() => applyBootstrap(db, [entry])));
  expect(await db.project.count({ where: { name: 'Together' } })).toBe(1);
});
