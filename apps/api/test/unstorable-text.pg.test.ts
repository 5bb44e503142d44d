import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '@arbor/db';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { applyBootstrap, parseBootstrap } from '../src/bootstrap/bootstrap.ts';
import { freshDatabase } from './support/fresh-database.ts';
import { basicOf } from './support/mixpanel-app.ts';
import { startTestApp, type TestApp } from './support/test-app.ts';

/* PostgreSQL holds no U+0000, in texts and in JSON, and no half of a surrogate pair in JSON: who sends one made a mistake, not the server. */

let db: Db;
let dropDatabase: () => Promise<void>;
let dataDir: string;
let stack: TestApp;

beforeAll(async () => {
  ({ db, drop: dropDatabase } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-unstorable-'));
  const entry = { org: 'Acme', project: 'Shop', id: 1, token: 'token', secret: 'shop-secret' };
  await applyBootstrap(db, parseBootstrap(JSON.stringify([entry])));
  const members = { live: () => Promise.resolve([]) };
  stack = await startTestApp({ db, redisUrl: inject('redisUrl'), dataDir, members });
});
afterAll(async () => {
  await stack.close();
  await rm(dataDir, { recursive: true });
  await dropDatabase();
});

async function statusOf(method: 'GET' | 'POST', url: string, payload?: object): Promise<number> {
  const headers = { authorization: basicOf('shop-secret') };
  const response = await stack.app.inject({ method, url, headers, ...(payload && { payload }) });
  return response.statusCode;
}

const selectorOf = (event: string) => ({ anyOf: [{ event }] });
const reportOf = (event: string) => ({
  name: 'R',
  query: {
    type: 'insights',
    range: { from: '2026-01-01', to: '2026-01-31' },
    metrics: [{ selector: selectorOf(event), measure: { type: 'total' } }],
  },
});

const requests: readonly (readonly [
  method: 'GET' | 'POST',
  url: string,
  payload: object | undefined,
])[] = [
  ['GET', '/api/v1/projects/1/users/%00', undefined],
  ['GET', '/api/v1/projects/1/users/a%00b/near', undefined],
  ['GET', '/api/v1/projects/1/identity/users/%00', undefined],
  ['GET', '/api/v1/projects/1/cohorts/%00', undefined],
  ['GET', '/api/2.0/engage?distinct_id=%00', undefined],
  ['POST', '/api/app/projects/1/annotations', { date: '2024-03-05', description: 'a\u0000b' }],
  ['POST', '/api/app/projects/1/annotations/tags', { name: '\u0000' }],
  ['POST', '/api/v1/projects/1/reports', reportOf('a\u0000b')],
  ['POST', '/api/v1/projects/1/reports', reportOf('a\ud800b')],
  ['POST', '/api/v1/projects/1/reports', reportOf('\udc00')],
];

test.each(requests)('%s %s is refused as a mistake of who asks', async (method, url, payload) => {
  expect([400, 404]).toContain(await statusOf(method, url, payload));
});
