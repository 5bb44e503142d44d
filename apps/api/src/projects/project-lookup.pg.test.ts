import type { Db } from '@arbor/db';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import { applyBootstrap, parseBootstrap } from '../bootstrap/bootstrap.ts';
import type { ImportCredential, ProjectLookup } from '../edge/ports.ts';
import { createProjectLookup } from './project-lookup.ts';
import { createProjectStore } from './project-store.ts';

let db: Db;
let drop: () => Promise<void>;
let now: number;
let lookup: ProjectLookup;

beforeAll(async () => {
  ({ db, drop } = await freshDatabase(inject('databaseUrl')));
  const serviceAccount = { username: 'robot', secret: 'robot-secret' };
  const entries = [
    {
      org: 'Acme',
      project: 'Shop',
      id: 1,
      token: 'shop-token',
      secret: 'shop-secret',
      serviceAccount,
    },
    { org: 'Other', project: 'Blog', id: 2, token: 'blog-token' },
  ];
  await applyBootstrap(db, parseBootstrap(JSON.stringify(entries)));
});

beforeEach(() => {
  now = 0;
  lookup = createProjectLookup(db, () => now);
});

afterAll(() => drop());

const account = (over: Partial<Extract<ImportCredential, { type: 'service-account' }>> = {}) =>
  lookup.byCredential({
    type: 'service-account',
    username: 'robot',
    secret: 'robot-secret',
    projectId: 1,
    ...over,
  });

test('finds a project by its token, and nothing by what is none', async () => {
  expect(await lookup.byToken('shop-token')).toMatchObject({ id: 1 });
  for (const token of ['', 'shop-secret', 'shop-token ', 'a\0b', 'x'.repeat(100_000)]) {
    expect(await lookup.byToken(token)).toBeNull();
  }
});

test('tells by the identity mode of a project how records without a distinct_id are judged', async () => {
  const modeOf = async (identityMode: string): Promise<string | undefined> => {
    await db.project.update({ where: { id: 2 }, data: { identityMode } });
    now += 6000;
    return (await lookup.byToken('blog-token'))?.settings.identityMode;
  };
  expect(await modeOf('original')).toBe('original');
  expect(await modeOf('legacy')).toBe('original');
  expect(await modeOf('simplified')).toBe('simplified');
});

test('knows from which pages a project takes', async () => {
  const origins = async (): Promise<readonly string[] | undefined> => {
    now += 6000;
    return (await lookup.byToken('blog-token'))?.settings.allowedOrigins;
  };
  expect(await origins()).toEqual([]);
  const allowedOrigins = ['https://blog.example', 'https://*.blog.example'];
  await createProjectStore(db).change(2, { allowedOrigins }, 'Ada');
  expect(await origins()).toEqual(allowedOrigins);
});

test('takes the token or the secret as a credential of /import', async () => {
  for (const type of ['token-or-secret', 'api-key'] as const) {
    expect(await lookup.byCredential({ type, value: 'shop-token' })).toMatchObject({ id: 1 });
    expect(await lookup.byCredential({ type, value: 'shop-secret' })).toMatchObject({ id: 1 });
    expect(await lookup.byCredential({ type, value: 'shop-secreT' })).toBeNull();
  }
});

test('takes a service account for the projects of its organisation only', async () => {
  expect(await account()).toMatchObject({ id: 1 });
  expect(await account({ projectId: 2 })).toBeNull();
  expect(await account({ projectId: 2 ** 40 })).toBeNull();
  expect(await account({ secret: 'wrong' })).toBeNull();
  expect(await account({ username: 'nobody' })).toBeNull();
});

test('lets nobody below an admin import', async () => {
  const setRole = (role: 'analyst' | 'admin') =>
    db.serviceAccount.update({ where: { username: 'robot' }, data: { role } });
  await setRole('analyst');
  now += 60_000;
  expect(await account()).toBeNull();
  await setRole('admin');
  now += 60_000;
  expect(await account()).toMatchObject({ id: 1 });
});

test('answers at once what it knows, and sees a changed token after some seconds', async () => {
  await lookup.byToken('blog-token');
  await db.project.update({ where: { id: 2 }, data: { token: 'new-token' } });
  expect(lookup.byToken('blog-token')).toMatchObject({ id: 2 });
  now = 5000;
  expect(await lookup.byToken('blog-token')).toBeNull();
  expect(await lookup.byToken('new-token')).toMatchObject({ id: 2 });
});
