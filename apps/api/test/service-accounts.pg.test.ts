import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '@arbor/db';
import { hashSecret } from '@arbor/db/secrets';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { applyBootstrap, parseBootstrap } from '../src/bootstrap/bootstrap.ts';
import { createProjectLookup } from '../src/projects/project-lookup.ts';
import { freshDatabase } from './support/fresh-database.ts';
import { basicOf } from './support/mixpanel-app.ts';
import { startTestApp, type TestApp } from './support/test-app.ts';

/* Credentials of scripts: ux.md 23 by our own API, query-api.md 18 in Mixpanel's words. */

let db: Db;
let dropDatabase: () => Promise<void>;
let dataDir: string;
let stack: TestApp;
let acme: number;
let other: number;

beforeAll(async () => {
  ({ db, drop: dropDatabase } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-accounts-'));
  const entries = [
    { org: 'Acme', project: 'Shop', id: 1, token: 'one', secret: 'shop-secret' },
    { org: 'Acme', project: 'Blog', id: 2, token: 'two', secret: 'blog-secret' },
    { org: 'Other', project: 'Far', id: 3, token: 'three', secret: 'far-secret' },
  ];
  await applyBootstrap(db, parseBootstrap(JSON.stringify(entries)));
  const idOf = async (name: string) =>
    (await db.organization.findUniqueOrThrow({ where: { name } })).id;
  [acme, other] = [await idOf('Acme'), await idOf('Other')];
  const members = { live: () => Promise.resolve([]) };
  stack = await startTestApp({ db, redisUrl: inject('redisUrl'), dataDir, members });
});
afterAll(async () => {
  await stack.close();
  await rm(dataDir, { recursive: true });
  await dropDatabase();
});
beforeEach(async () => {
  await db.serviceAccount.deleteMany({});
  for (const role of ['owner', 'admin', 'analyst'] as const) {
    const data = { username: role, role, secretHash: hashSecret('pw'), organizationId: acme };
    await db.serviceAccount.create({ data });
  }
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Body = Record<string, unknown>;

async function ask(method: Method, url: string, { by = 'admin:pw', body }: Options = {}) {
  const [name = '', ...secret] = by.split(':');
  const headers = { authorization: basicOf(name, secret.join(':')) };
  const response = await stack.app.inject({ method, url, headers, ...(body && { payload: body }) });
  return [response.statusCode, response.json<Body>()] as const;
}
interface Options {
  /** `name:secret`. */
  readonly by?: string;
  readonly body?: object;
}

const url = () => `/api/v1/organizations/${acme}/service-accounts`;
const mixpanelUrl = () => `/api/app/organizations/${acme}/service-accounts`;

/** A new account of our own API: its number and what it signs in with. */
async function made(body: object, by?: string): Promise<{ id: number; login: string }> {
  const [status, answer] = await ask('POST', url(), { body, ...(by && { by }) });
  expect(status).toBe(201);
  const { id, username } = answer['serviceAccount'] as { id: number; username: string };
  return { id, login: `${username}:${answer['secret'] as string}` };
}

/** Which of the projects 1, 2 and 3 somebody opens, with the role in each. */
async function opened(by: string): Promise<unknown> {
  const [status, { projects }] = await ask('GET', '/api/v1/projects', { by });
  if (status !== 200) return status;
  const list = projects as { id: number; role: string }[];
  return Object.fromEntries(list.map(({ id, role }) => [id, role]));
}

describe('our own API', () => {
  test('an account is made with a secret that is told once, and signs in with it', async () => {
    const [status, answer] = await ask('POST', url(), {
      body: { username: 'ci', role: 'analyst' },
    });
    expect(status).toBe(201);
    const { id } = answer['serviceAccount'] as { id: number };
    const account = {
      id,
      username: 'ci',
      role: 'analyst',
      allProjects: true,
      projects: [],
      createdBy: 'service account admin',
      createdAt: expect.any(String) as string,
      expiresAt: null,
      expired: false,
      lastUsedAt: null,
    };
    expect(answer).toEqual({ serviceAccount: account, secret: expect.stringMatching(/^\w{64}$/) });
    expect(await opened(`ci:${answer['secret'] as string}`)).toEqual({
      1: 'analyst',
      2: 'analyst',
    });
    const [, again] = await ask('GET', `${url()}/${id}`);
    // That it came is written down beside its request, and nobody waits for it.
    expect(again).toEqual({
      serviceAccount: { ...account, lastUsedAt: (again['serviceAccount'] as Body)['lastUsedAt'] },
    });
    await expect
      .poll(async () => (await db.serviceAccount.findUnique({ where: { id } }))?.lastUsedAt, {
        timeout: 20_000,
      })
      .toBeInstanceOf(Date);
    expect(JSON.stringify(await ask('GET', url()))).not.toContain(answer['secret']);
  });

  test('an account of some projects opens these alone, with the role of each', async () => {
    const projects = [{ id: 2, role: 'admin' }];
    const { id, login } = await made({ username: 'blog', role: 'admin', projects });
    expect(await opened(login)).toEqual({ 2: 'admin' });
    expect(await ask('GET', '/api/v1/projects/1', { by: login })).toMatchObject([404, {}]);
    // It manages nothing beside its projects: else it could make an account that opens all.
    expect(await ask('POST', url(), { by: login, body: { username: 'x' } })).toMatchObject([
      403,
      { error: { code: 'FORBIDDEN' } },
    ]);
    const body = { name: 'New' };
    expect(await ask('POST', '/api/v1/projects', { by: login, body })).toMatchObject([403, {}]);
    const [, ofShop] = await ask('GET', '/api/v1/projects/1/service-accounts');
    const [, ofBlog] = await ask('GET', '/api/v1/projects/2/service-accounts');
    const names = (answer: Body) =>
      (answer['serviceAccounts'] as Body[]).map(({ username, role }) => [username, role]);
    const others = ['owner', 'admin', 'analyst'].map((role) => [role, role]);
    expect(names(ofShop)).toEqual(others);
    expect(names(ofBlog)).toEqual([...others, ['blog', 'admin']]);

    const change = { projects: [{ id: 1, role: 'consumer' }] };
    await ask('PATCH', `${url()}/${id}`, { body: change });
    expect(await opened(login)).toEqual({ 1: 'consumer' });
    await ask('PATCH', `${url()}/${id}`, { body: { projects: null, role: 'analyst' } });
    expect(await opened(login)).toEqual({ 1: 'analyst', 2: 'analyst' });
  });

  test('an account that is over is refused, in words, to who has its secret', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { id, login } = await made({ username: 'short', expiresAt });
    expect(await opened(login)).toEqual({ 1: 'analyst', 2: 'analyst' });
    const past = new Date(Date.now() - 1000);
    await db.serviceAccount.update({ where: { id }, data: { expiresAt: past } });
    const [status, answer] = await ask('GET', '/api/v1/me', { by: login });
    expect([status, answer]).toMatchObject([
      401,
      { error: { message: `the service account "short" expired at ${past.toISOString()}` } },
    ]);
    expect(await ask('GET', '/api/v1/me', { by: 'short:guess' })).toMatchObject([
      401,
      { error: { message: 'the credentials are not valid' } },
    ]);
    expect(await ask('GET', `${url()}/${id}`)).toMatchObject([
      200,
      { serviceAccount: { expired: true } },
    ]);
    const body = { expiresAt: '2020-01-01T00:00:00Z' };
    expect(await ask('PATCH', `${url()}/${id}`, { body })).toMatchObject([
      400,
      { error: { message: 'expiresAt: 2020-01-01T00:00:00Z is over already' } },
    ]);
    await ask('PATCH', `${url()}/${id}`, { body: { expiresAt: null } });
    expect(await opened(login)).toEqual({ 1: 'analyst', 2: 'analyst' });
  });

  test('a new secret ends the old one, and a removed account is nobody', async () => {
    const { id, login } = await made({ username: 'ci' });
    const [status, answer] = await ask('POST', `${url()}/${id}/secret`);
    expect(status).toBe(200);
    expect(await opened(login)).toBe(401);
    const fresh = `ci:${answer['secret'] as string}`;
    expect(await opened(fresh)).toEqual({ 1: 'analyst', 2: 'analyst' });
    // An invitation that it gave out goes with it.
    const expiresAt = new Date(Date.now() + 86_400_000);
    const invitation = { organizationId: acme, role: 'admin' as const, expiresAt };
    await db.invitation.createMany({
      data: ['ci', 'admin'].map((name) => ({
        ...invitation,
        tokenHash: `hash of ${name}`,
        createdBy: `service account ${name}`,
      })),
    });
    expect(await ask('DELETE', `${url()}/${id}`)).toEqual([200, { id }]);
    expect(await db.invitation.findMany({ select: { createdBy: true } })).toEqual([
      { createdBy: 'service account admin' },
    ]);
    expect(await opened(fresh)).toBe(401);
    expect(await ask('GET', `${url()}/${id}`)).toMatchObject([404, {}]);
    const [, { entries }] = await ask('GET', `/api/v1/organizations/${acme}/audit?limit=3`);
    expect((entries as Body[]).map(({ actor, action, target }) => [actor, action, target])).toEqual(
      ['remove', 'rotate', 'create'].map((verb) => [
        'service account admin',
        `service_account.${verb}`,
        'ci',
      ]),
    );
    // What is written down holds no secret.
    expect(JSON.stringify(entries)).not.toContain(fresh.slice(3));
  });

  test('nobody gives out more than he has, nor touches who has more', async () => {
    const owner = await db.serviceAccount.findUniqueOrThrow({ where: { username: 'owner' } });
    const admin = await db.serviceAccount.findUniqueOrThrow({ where: { username: 'admin' } });
    const refused = async (method: Method, path: string, body?: object) => {
      const [status, { error }] = await ask(method, path, { ...(body && { body }) });
      return [status, (error as Body)['message']];
    };
    const own = [
      403,
      'an account with the role "owner" is for those who have it; yours is "admin"',
    ];
    expect(await refused('POST', url(), { username: 'x', role: 'owner' })).toEqual(own);
    const projects = [{ id: 1, role: 'owner' }];
    expect(await refused('POST', url(), { username: 'x', projects })).toEqual(own);
    expect(await refused('PATCH', `${url()}/${admin.id}`, { role: 'owner' })).toEqual(own);
    expect(await refused('POST', `${url()}/${owner.id}/secret`)).toEqual(own);
    expect(await refused('PATCH', `${url()}/${owner.id}`, { role: 'consumer' })).toEqual(own);
    expect(await refused('DELETE', `${url()}/${owner.id}`)).toEqual(own);
    const { id } = await made({ username: 'boss', role: 'owner' }, 'owner:pw');
    expect(await ask('DELETE', `${url()}/${id}`, { by: 'owner:pw' })).toEqual([200, { id }]);
    expect(await ask('GET', url(), { by: 'analyst:pw' })).toMatchObject([403, {}]);
  });

  test('what is wrong is refused and changes nothing', async () => {
    const refused = async (body: object) => {
      const [status, { error }] = await ask('POST', url(), { body });
      return [status, (error as Body)['code']];
    };
    const bad = [400, 'INVALID_REQUEST'];
    expect(await refused({ username: 'admin' })).toEqual([409, 'CONFLICT']);
    expect(await refused({ username: 'a:b' })).toEqual(bad);
    expect(await refused({ username: 'a\0b' })).toEqual(bad);
    expect(await refused({ username: '' })).toEqual(bad);
    expect(await refused({ username: 'x', role: 'king' })).toEqual(bad);
    expect(await refused({ username: 'x', expiresAt: 'tomorrow' })).toEqual(bad);
    // A project of somebody else, one that does not exist, one named twice.
    const role = 'analyst';
    expect(await refused({ username: 'x', projects: [{ id: 3, role }] })).toEqual(bad);
    expect(await refused({ username: 'x', projects: [{ id: 99, role }] })).toEqual(bad);
    const twice = [1, 1].map((id) => ({ id, role }));
    expect(await refused({ username: 'x', projects: twice })).toEqual(bad);
    expect(await db.serviceAccount.count()).toBe(3);
    expect(await ask('GET', `/api/v1/organizations/${other}/service-accounts`)).toMatchObject([
      404,
      { error: { message: `organization ${other} does not exist` } },
    ]);
    expect(await ask('GET', `${url()}/999999`)).toMatchObject([404, {}]);
    expect(await ask('GET', url(), { by: 'shop-secret:' })).toMatchObject([404, {}]);
  });

  test('lists come in pages, by number', async () => {
    const [, { serviceAccounts: first, next }] = await ask('GET', `${url()}?limit=2`);
    const [, rest] = await ask('GET', `${url()}?limit=2&cursor=${next as string}`);
    const names = (list: unknown) => (list as Body[]).map(({ username }) => username);
    expect(names(first)).toEqual(['owner', 'admin']);
    expect(names(rest['serviceAccounts'])).toEqual(['analyst']);
    expect(rest['next']).toBeNull();
    // Beyond PostgreSQL's integers.
    expect(await ask('GET', `${url()}?cursor=9999999999`)).toMatchObject([400, {}]);
  });
});

test('/import takes accounts with the role admin in the project, until they are over', async () => {
  // Its own clock: what it knows is kept for seconds.
  let now = Date.now();
  const lookup = createProjectLookup(db, () => now);
  const may = async (login: string, projectId: number) => {
    now += 60_000;
    const [username = '', secret = ''] = login.split(':');
    const found = await lookup.byCredential({
      type: 'service-account',
      username,
      secret,
      projectId,
    });
    return found?.id ?? null;
  };
  const admin = await made({ username: 'all', role: 'admin' });
  expect([await may(admin.login, 1), await may(admin.login, 2)]).toEqual([1, 2]);
  // Not of its organisation.
  expect(await may(admin.login, 3)).toBeNull();
  const projects = [
    { id: 1, role: 'admin' },
    { id: 2, role: 'analyst' },
  ];
  const some = await made({ username: 'some', role: 'admin', projects });
  expect([await may(some.login, 1), await may(some.login, 2)]).toEqual([1, null]);
  const where = { id: some.id };
  await db.serviceAccount.update({ where, data: { expiresAt: new Date(now) } });
  expect(await may(some.login, 1)).toBeNull();
});

describe('query-api.md 18: service accounts', () => {
  test('are made with their token shown once, listed, read and deleted', async () => {
    const expires = new Date(Date.now() + 86_400_000).toISOString();
    const body = { username: 'ci', role: 'analyst', expires, projects: [{ id: 1 }] };
    const [status, answer] = await ask('POST', mixpanelUrl(), { body });
    expect(status).toBe(201);
    const { token, ...shown } = answer['results'] as Body;
    const id = shown['id'] as number;
    expect(shown).toEqual({
      id,
      username: 'ci',
      role: 'analyst',
      expires,
      last_used: null,
      created: expect.any(String) as string,
      creator: 'service account admin',
      user: id,
      projects: [{ id: 1, name: 'Shop', role: 'analyst' }],
      all_projects: false,
    });
    const login = `ci:${token as string}`;
    const [meStatus, me] = await ask('GET', '/api/app/me', { by: login });
    expect([meStatus, Object.keys((me['results'] as { projects: Body }).projects)]).toEqual([
      200,
      ['1'],
    ]);
    const [, list] = await ask('GET', `${mixpanelUrl()}/`);
    expect((list['results'] as Body[]).map(({ username }) => username)).toEqual([
      'owner',
      'admin',
      'analyst',
      'ci',
    ]);
    expect(JSON.stringify(list)).not.toContain(token);
    expect(await ask('GET', `${mixpanelUrl()}/${id}`)).toMatchObject([200, { results: { id } }]);
    expect(await ask('GET', '/api/app/projects/1/service-accounts')).toMatchObject([
      200,
      { results: [{}, {}, {}, { id, username: 'ci', role: 'analyst' }] },
    ]);
    expect(await ask('DELETE', `${mixpanelUrl()}/${id}`)).toEqual([
      200,
      { status: 'ok', results: { id } },
    ]);
    expect(await ask('GET', `${mixpanelUrl()}/${id}`)).toMatchObject([404, { status: 'error' }]);
  });

  test('are added to projects and removed from them', async () => {
    const { id, login } = await made({ username: 'ci', projects: [] });
    const service_account_ids = [id];
    expect(await opened(login)).toEqual({});
    const projects = [
      { id: 1, role: 'admin' },
      { id: 2, role: 'consumer' },
    ];
    const add = { service_account_ids, projects };
    expect(await ask('POST', `${mixpanelUrl()}/add-to-project`, { body: add })).toEqual([
      200,
      { status: 'ok', results: add },
    ]);
    expect(await opened(login)).toEqual({ 1: 'admin', 2: 'consumer' });
    // Again with another role: it is that from then on.
    const less = { service_account_ids, projects: [{ id: 1, role: 'analyst' }] };
    await ask('POST', `${mixpanelUrl()}/add-to-project/`, { body: less });
    expect(await opened(login)).toEqual({ 1: 'analyst', 2: 'consumer' });
    const remove = { service_account_ids, projects: [{ id: 2 }] };
    expect(await ask('POST', `${mixpanelUrl()}/remove-from-project`, { body: remove })).toEqual([
      200,
      { status: 'ok', results: remove },
    ]);
    expect(await opened(login)).toEqual({ 1: 'analyst' });
  });

  test('one that opens every project keeps the others when it is removed from one', async () => {
    const { id, login } = await made({ username: 'ci' });
    const service_account_ids = [id];
    const add = { service_account_ids, projects: [{ id: 1, role: 'consumer' }] };
    await ask('POST', `${mixpanelUrl()}/add-to-project`, { body: add });
    expect(await opened(login)).toEqual({ 1: 'consumer', 2: 'analyst' });
    const remove = { service_account_ids, projects: [{ id: 1 }] };
    await ask('POST', `${mixpanelUrl()}/remove-from-project`, { body: remove });
    expect(await opened(login)).toEqual({ 2: 'analyst' });
  });

  test('all or none are changed', async () => {
    const { id, login } = await made({ username: 'ci', projects: [] });
    const projects = [{ id: 1, role: 'analyst' }];
    const add = { service_account_ids: [id, 999_999], projects };
    expect(await ask('POST', `${mixpanelUrl()}/add-to-project`, { body: add })).toMatchObject([
      404,
      { status: 'error' },
    ]);
    expect(await opened(login)).toEqual({});
  });

  test('what is wrong is refused as everywhere below Mixpanel’s paths', async () => {
    const refused = async (path: string, body: object, by?: string) => {
      const [status, answer] = await ask('POST', `${mixpanelUrl()}${path}`, {
        body,
        ...(by && { by }),
      });
      expect(answer['status']).toBe('error');
      return status;
    };
    expect(await refused('', {})).toBe(400);
    expect(await refused('', { username: 'x', role: 'king' })).toBe(400);
    expect(await refused('', { username: 'x', expires: 'tomorrow' })).toBe(400);
    expect(await refused('', { username: 'x', expires: '2020-01-01' })).toBe(400);
    expect(await refused('', { username: 'x', projects: 'all' })).toBe(400);
    expect(await refused('', { username: 'admin' })).toBe(409);
    expect(await refused('', { username: 'x' }, 'analyst:pw')).toBe(403);
    expect(await refused('', { username: 'x' }, 'admin:wrong')).toBe(401);
    expect(await refused('/add-to-project', { projects: [{ id: 1 }] })).toBe(400);
    expect(
      await refused('/add-to-project', { service_account_ids: [1], projects: [{ id: 1 }] }),
    ).toBe(400);
    // Numbers of no project, and one twice.
    const { id } = await made({ username: 'ci', projects: [] });
    for (const ids of [[1.5], ['x'], [1e12], [-1], [1, 1]]) {
      const projects = ids.map((project) => ({ id: project, role: 'analyst' }));
      const body = { service_account_ids: [id], projects };
      expect(await refused('/add-to-project', body)).toBe(400);
      expect(await refused('/remove-from-project', body)).toBe(400);
    }
    const foreign = `/api/app/organizations/${other}/service-accounts`;
    expect(await ask('GET', foreign)).toMatchObject([403, { status: 'error' }]);
    expect(await ask('GET', '/api/app/organizations/x/service-accounts')).toMatchObject([400, {}]);
  });
});
