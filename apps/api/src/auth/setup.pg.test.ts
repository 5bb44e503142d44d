import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '@arbor/db';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import { offerSetupLink } from '../bootstrap/setup-link.ts';
import { createSetup } from './setup.ts';
import type { CreateOwner, Setup } from './setup-request.ts';

const webUrl = 'http://localhost:3000';
const hourMs = 3_600_000;

let db: Db;
let drop: () => Promise<void>;
let dataDir: string;
let now: number;
let setup: Setup;

beforeEach(async () => {
  ({ db, drop } = await freshDatabase(inject('databaseUrl')));
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbor-setup-'));
  now = Date.now();
  setup = createSetup({ db, dataDir, clock: () => now });
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
  await drop();
});

const offer = () => offerSetupLink(db, { dataDir, webUrl, now: new Date(now) });
const readLink = () => readFile(path.join(dataDir, 'setup-link.txt'), 'utf8');
const tokenOf = (link: string): string => link.trim().replace(/^.*token=/, '');

const owner = (token: string): CreateOwner => ({
  token,
  name: 'Anna',
  email: 'Anna@example.com',
  password: 'a-long-password',
  organization: 'Acme',
  project: 'Shop',
  timezone: 'Europe/Berlin',
});

test('offers a link that only the owner of the data folder can read, and keeps it over a restart', async () => {
  expect(await offer()).toBe('offered');
  const link = await readLink();
  expect(link).toMatch(/^http:\/\/localhost:3000\/welcome\?token=[0-9a-f]{64}\n$/);
  expect((await stat(path.join(dataDir, 'setup-link.txt'))).mode & 0o777).toBe(0o600);
  await offer();
  expect(await readLink()).toBe(link);
});

test('makes owner, organisation and project with the link, once', async () => {
  await offer();
  const token = tokenOf(await readLink());
  expect(await setup.status()).toEqual({ ownerExists: false });
  const { projectId } = await setup.createOwner(owner(token));
  expect(await setup.status()).toEqual({ ownerExists: true });
  expect(await db.project.findUnique({ where: { id: projectId } })).toMatchObject({
    name: 'Shop',
    timezone: 'Europe/Berlin',
    spread: 1,
  });
  await expect(readLink()).rejects.toThrow('ENOENT');
  await expect(
    setup.createOwner({ ...owner(token), email: 'b@example.com' }),
  ).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await offer()).toBe('not_needed');
});

test('lets one of two simultaneous uses win', async () => {
  await offer();
  const token = tokenOf(await readLink());
  const uses = await Promise.allSettled(
    ['a', 'b'].map((name) =>
      setup.createOwner({ ...owner(token), email: `${name}@example.com`, organization: name }),
    ),
  );
  expect(uses.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await db.user.count()).toBe(1);
});

test('refuses a link that expired; the next start offers a new one', async () => {
  await offer();
  const old = await readLink();
  now += 25 * hourMs;
  await expect(setup.createOwner(owner(tokenOf(old)))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await offer();
  expect(await readLink()).not.toBe(old);
});

test('leaves the link usable when what was asked for cannot be made', async () => {
  await offer();
  const token = tokenOf(await readLink());
  await db.organization.create({ data: { name: 'Acme' } });
  await expect(setup.createOwner(owner(token))).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'there is an organization "Acme" already: choose another name',
  });
  await setup.createOwner({ ...owner(token), organization: 'Acme Two' });
  expect(await setup.status()).toEqual({ ownerExists: true });
});

test('takes the link back once there is an owner by other means', async () => {
  await offer();
  const token = tokenOf(await readLink());
  const organization = await db.organization.create({ data: { name: 'Other' } });
  await db.user.create({ data: { id: 'u', name: 'B', email: 'b@example.com' } });
  await db.membership.create({
    data: { organizationId: organization.id, userId: 'u', role: 'owner' },
  });
  expect(await offer()).toBe('not_needed');
  await expect(setup.createOwner(owner(token))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
