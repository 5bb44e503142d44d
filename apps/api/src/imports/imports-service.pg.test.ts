import { createDb, type Db } from '@arbor/db';
import type { NewImport } from '@arbor/schema/imports';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit/audit-log.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { unavailable } from '../edge/edge-failure.ts';
import { defaultEdgeSettings } from '../edge/ports.ts';
import { createImportStore } from './import-store.ts';
import { createImports } from './imports-service.ts';

let db: Db;
let project: AuthorizedProject;
const now = Date.UTC(2026, 5, 1);
const by = { type: 'project_secret', projectId: 0 } as const;
const file: NewImport = {
  fileName: 'events.ndjson',
  fileBytes: 5_000_000_000,
  fingerprint: 'a'.repeat(64),
  mapping: { type: 'events' },
};

let sent: BatchContent[];
let reported: number;
let behindMs: number;
let failure: Error | null;
beforeEach(() => {
  sent = [];
  reported = 0;
  behindMs = 0;
  failure = null;
});

const service = () =>
  createImports({
    store: createImportStore(db),
    settingsOf: () => Promise.resolve(defaultEdgeSettings),
    send: (batch) => {
      if (failure !== null) return Promise.reject(failure);
      sent.push(batch);
      return Promise.resolve();
    },
    overloaded: () => null,
    lane: () => ({ behindMs, at: now }),
    rejected: { report: (_project, refused) => void (reported += refused.length) },
    clock: () => now,
  });

beforeAll(async () => {
  db = createDb(inject('databaseUrl'));
  const organization = await db.organization.create({ data: { name: 'Imports' } });
  const data = { organizationId: organization.id, name: 'P', token: 'imports-token' };
  const row = await db.project.create({ data: { ...data, timezone: 'UTC' } });
  project = { ...row, organization: 'Imports', role: 'admin' };
});
afterAll(async () => {
  await db.auditEntry.deleteMany({ where: { projectId: project.id } });
  await db.project.delete({ where: { id: project.id } });
  await db.organization.delete({ where: { id: project.organizationId } });
  await db.$disconnect();
});

const row = (line: number, properties: object, event: string | null = 'Buy') => ({
  line,
  json: JSON.stringify({ event, properties }),
});
const good = (line: number) => row(line, { time: 1_700_000_000, distinct_id: `u${line}` });

test('sends the good rows, tells of the others, and counts both', async () => {
  const { id } = await service().create(project, file, by);
  const rows = [good(1), row(2, { distinct_id: 'u2' }), { line: 3, json: '{"event":' }, good(4)];
  const answer = await service().add(project, id, { from: 0, rows });
  expect(answer.accepted).toBe(2);
  expect(answer.refused).toEqual([
    {
      line: 2,
      field: 'properties.time',
      reason: `'properties.time' is invalid: must be specified as seconds since epoch`,
    },
    { line: 3, field: '', reason: expect.stringContaining('line is not valid json: ') as string },
  ]);
  expect(answer.import).toMatchObject({
    state: 'open',
    fileBytes: 5_000_000_000,
    nextRow: 4,
    accepted: 2,
    refused: 2,
    reasons: [
      {
        reason: `'properties.time' is invalid: must be specified as seconds since epoch`,
        count: 1,
      },
      { reason: 'line is not valid json', count: 1 },
    ],
  });
  expect(reported).toBe(2);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ queue: 'bulk', source: 'import', project: project.id });
  expect(sent[0]?.records.map((one) => one.kind === 'event' && one.distinctId)).toEqual([
    'u1',
    'u4',
  ]);
});

test('gives rows that are sent again the same ids, and counts them once', async () => {
  const { id } = await service().create(project, file, by);
  const rows = [
    good(1),
    row(2, {}),
    row(3, { time: 1_700_000_000, distinct_id: 'u', $insert_id: 'own' }),
  ];
  await service().add(project, id, { from: 0, rows });
  const again = await service().add(project, id, { from: 0, rows });
  expect(again).toMatchObject({ accepted: 2, import: { nextRow: 3, accepted: 2, refused: 1 } });
  expect(again.refused).toHaveLength(1);
  expect(reported).toBe(1);
  const ids = sent.map(({ records }) => records.map((one) => one.kind === 'event' && one.insertId));
  expect(ids[0]).toEqual(ids[1]);
  expect(ids[0]?.[0]).toMatch(/^[0-9a-f]{12}$/);
  expect(ids[0]?.[1]).toBe('own');
});

test('counts once what two bring at the same time', async () => {
  const { id } = await service().create(project, file, by);
  const rows = { from: 0, rows: [good(1), good(2)] };
  await Promise.all([service().add(project, id, rows), service().add(project, id, rows)]);
  expect(await service().get(project.id, id)).toMatchObject({ nextRow: 2, accepted: 2 });
});

test('refuses rows that are not the next ones, and all of one that is over', async () => {
  const { id } = await service().create(project, file, by);
  const add = (from: number) => service().add(project, id, { from, rows: [good(1), good(2)] });
  await add(0);
  await expect(add(1)).rejects.toThrow(`import ${id} goes on with row 2, not 1`);
  await expect(add(3)).rejects.toThrow(`import ${id} goes on with row 2, not 3`);
  await service().setState(project, id, { state: 'cancelled', by });
  await expect(add(2)).rejects.toThrow(`import ${id} is cancelled`);
  await service().setState(project, id, { state: 'open', by });
  await add(2);
  await expect(service().get(project.id + 1, id)).rejects.toThrow(`import ${id} does not exist`);
});

test('takes nothing while its lane is behind or the queue is away, and counts nothing', async () => {
  const { id } = await service().create(project, file, by);
  const add = () => service().add(project, id, { from: 0, rows: [good(1)] });
  behindMs = 5001;
  await expect(add()).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
  behindMs = 0;
  failure = unavailable('away');
  await expect(add()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await service().get(project.id, id)).toMatchObject({ nextRow: 0, accepted: 0 });
});

test('says what would become of rows without storing them', async () => {
  const checked = await service().check(project, [good(7), row(8, {})]);
  expect(checked).toEqual([
    {
      line: 7,
      event: { event: 'Buy', timeMs: 1_700_000_000_000, distinctId: 'u7', properties: {} },
      problem: null,
    },
    {
      line: 8,
      event: null,
      problem: {
        line: 8,
        field: 'properties.time',
        reason: `'properties.time' is invalid: must be specified as seconds since epoch`,
      },
    },
  ]);
  expect(sent).toEqual([]);
  expect(reported).toBe(0);
});

test('lists imports newest first, page by page, and writes down who made and ended them', async () => {
  const { id } = await service().create(project, file, by);
  await service().setState(project, id, { state: 'done', by });
  await service().setState(project, id, { state: 'done', by });
  const first = await service().list(project.id, { limit: 1 });
  expect(first).toMatchObject({ imports: [{ id, state: 'done' }], next: id });
  const rest = await service().list(project.id, { limit: 100, cursor: id });
  expect(rest.next).toBeNull();
  expect(rest.imports.every((each) => each.id < id)).toBe(true);
  const { entries } = await createAuditLog(db).list(project.id, { limit: 9, target: String(id) });
  expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
    ['import.done', 'the project secret'],
    ['import.create', 'the project secret'],
  ]);
});
