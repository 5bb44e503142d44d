import { createDb, type Db } from '@arbor/db';
import type { NewDataRequest } from '@arbor/schema/privacy';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit/audit-log.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { createAccessLinks } from './access-link.ts';
import { createPrivacyService } from './privacy-service.ts';

let db: Db;
let project: AuthorizedProject;
let now = Date.UTC(2026, 0, 1);
const by = { type: 'project_secret', projectId: 0 } as const;
const links = createAccessLinks('a-master-key-of-this-test');

const service = () =>
  createPrivacyService({
    db,
    links,
    clock: () => now,
    exportAccess: async function* (_project, { distinctIds }) {
      for (const identifier of distinctIds) yield { type: 'unknown', identifier };
    },
  });
const erasureOf = (...distinctIds: string[]): NewDataRequest => ({
  kind: 'erasure',
  distinctIds,
  complianceType: 'GDPR',
  disclosureType: 'Data',
});

beforeAll(async () => {
  db = createDb(inject('databaseUrl'));
  const organization = await db.organization.create({ data: { name: 'Privacy' } });
  const data = { organizationId: organization.id, name: 'P', token: 'privacy-token' };
  const row = await db.project.create({ data: { ...data, timezone: 'UTC' } });
  project = { ...row, organization: 'Privacy', role: 'admin' };
});
afterAll(async () => {
  await db.dataRequest.deleteMany({ where: { projectId: project.id } });
  await db.auditEntry.deleteMany({ where: { projectId: project.id } });
  await db.project.delete({ where: { id: project.id } });
  await db.organization.delete({ where: { id: project.organizationId } });
  await db.$disconnect();
});

test('lists requests newest first, page by page, and writes down who asked but not about whom', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 52; n++) {
    now += n % 3;
    ids.push((await service().create(project, erasureOf(`ann-${n}`, `ann-${n}`), by)).id);
  }
  const first = await service().list(project, {});
  expect(first.requests).toHaveLength(50);
  const rest = await service().list(project, { cursor: first.next ?? '' });
  expect(rest.next).toBeNull();
  const listed = [...first.requests, ...rest.requests].map(({ id }) => id);
  expect(listed.toSorted()).toEqual(ids.toSorted());
  expect(first.requests[0]).toMatchObject({ status: 'PENDING', distinctIdCount: 1 });
  await expect(service().list(project, { cursor: 'x' })).rejects.toThrow('"x" is no cursor');
  const { entries } = await createAuditLog(db).list(project.id, { limit: 1 });
  expect(entries).toMatchObject([{ action: 'erasure.request', target: null }]);
  expect(JSON.stringify(entries)).not.toContain('ann');
});

test('cancels an erasure until it starts, and forgets whom it was about', async () => {
  const { id } = await service().create(project, erasureOf('bob'), by);
  expect(await service().cancel(project, id, by)).toMatchObject({
    status: 'REVOKED',
    distinctIds: null,
  });
  const started = await service().create(project, erasureOf('cid'), by);
  await db.dataRequest.update({ where: { id: started.id }, data: { status: 'STARTED' } });
  await expect(service().cancel(project, started.id, by)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `request ${started.id} is STARTED: it cannot be cancelled`,
  });
  await expect(service().get({ ...project, id: project.id + 1 }, id)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('gives what was asked for to who has the link, until it expires or he is erased', async () => {
  const access = { ...erasureOf('dora'), kind: 'access' as const };
  const { id } = await service().create(project, access, by);
  const expiresAt = now + 1000;
  const result = { type: 'ready', expiresAt };
  await db.dataRequest.update({ where: { id }, data: { status: 'SUCCESS', result } });
  const { link } = await service().get(project, id);
  const { searchParams } = new URL(link?.path ?? '', 'http://localhost');
  const given = { request: id, expires: expiresAt, signature: searchParams.get('signature') ?? '' };
  const { signal } = new AbortController();
  const lines = [];
  for await (const line of (await service().download(given, signal)).lines) lines.push(line);
  expect(lines).toEqual([{ type: 'unknown', identifier: 'dora' }]);
  const { entries } = await createAuditLog(db).list(project.id, { limit: 1 });
  expect(entries).toMatchObject([{ action: 'access.download', details: { request: id } }]);
  now = expiresAt;
  await expect(service().download(given, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await service().get(project, id)).link).toBeNull();
});

test('changes what a project keeps, and writes it down once', async () => {
  expect(await service().settings(project)).toEqual({ retentionDays: null, acceptsErased: true });
  const settings = { retentionDays: 90, acceptsErased: false };
  await service().setSettings(project, settings, by);
  await service().setSettings(project, settings, by);
  expect(await service().settings(project)).toEqual(settings);
  const { entries } = await createAuditLog(db).list(project.id, { limit: 2 });
  expect(entries.map(({ action }) => action)).toEqual(['privacy.settings', 'access.download']);
  expect(entries[0]?.details).toEqual({
    was: { retentionDays: null, acceptsErased: true },
    is: settings,
  });
});

test('leaves a setting that is not given as somebody else made it', async () => {
  await service().setSettings(project, { retentionDays: null }, by);
  expect(await service().setSettings(project, { acceptsErased: true }, by)).toEqual({
    retentionDays: null,
    acceptsErased: true,
  });
  expect(await service().settings(project)).toEqual({ retentionDays: null, acceptsErased: true });
});
