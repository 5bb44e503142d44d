import { createDb, type Db } from '@arbor/db';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAuditLog } from '../audit/audit-log.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { createIdentityService } from './identity-service.ts';

let db: Db;
let project: AuthorizedProject;
beforeAll(() => {
  db = createDb(inject('databaseUrl'));
});
afterAll(() => db.$disconnect());
beforeEach(async () => {
  const token = crypto.randomUUID();
  const organization = await db.organization.create({ data: { name: token } });
  const data = { organizationId: organization.id, name: 'Shop', token, timezone: 'UTC' };
  const row = await db.project.create({ data });
  project = { ...row, organization: token, role: 'admin' };
});

const by = {
  type: 'user',
  user: { id: 'u', name: 'Ann', email: 'ann@example.com' },
  memberships: [],
} as const;
const change = { by, signal: new AbortController().signal };

/** The service; `carryOut` is what the ETL does with what is sent. */
function open(carryOut: (batch: BatchContent) => Promise<void> = () => Promise.resolve()) {
  const sent: BatchContent[] = [];
  const audit = createAuditLog(db);
  const service = createIdentityService({
    db,
    audit,
    clock: Date.now,
    send: async (batch) => {
      sent.push(batch);
      await carryOut(batch);
    },
  });
  return {
    service,
    sent,
    audited: async () => (await audit.list(project.id, { limit: 9 })).entries,
  };
}

async function know(canonical: string, ...identifiers: string[]): Promise<void> {
  const data = identifiers.map((identifier, n) => {
    const kind = identifier.startsWith('$device:') ? 'anonymous' : 'identified';
    const createdAt = new Date(1_700_000_000_000 + n);
    return { project: project.id, identifier, canonical, kind, createdAt };
  });
  await db.identifier.createMany({ data });
}

/** Writes an entry of the log; answers its number. */
async function log(alias: string, joined: string, more: object = {}): Promise<string> {
  const row = {
    project: project.id,
    alias,
    joined,
    winner: joined,
    loser: alias,
    form: 'identify',
  };
  const { id } = await db.identityLink.create({ data: { ...row, batchId: 'b', ...more } });
  return String(id);
}

describe('reading who is whom', () => {
  test('tells everything that is one user, by any identifier of his', async () => {
    await know('ann', 'ann', '$device:1');
    await know('bob', 'bob');
    const user = await open().service.userOf(project, '$device:1');
    expect(user).toEqual({
      canonical: 'ann',
      identifiers: [
        { identifier: 'ann', kind: 'identified', firstSeen: '2023-11-14T22:13:20.000Z' },
        { identifier: '$device:1', kind: 'anonymous', firstSeen: '2023-11-14T22:13:20.001Z' },
      ],
      full: false,
    });
    await expect(open().service.userOf(project, 'bo')).rejects.toThrow(
      /^no user has the identifier "bo".*"bob"/,
    );
  });

  test('warns of a user who has as many identifiers as one may have', async () => {
    await know('ann', 'ann', ...Array.from({ length: 499 }, (_, n) => `$device:${n}`));
    expect(await open().service.userOf(project, 'ann')).toMatchObject({ full: true });
  });

  test('pages through the links that name a user, refused and undone ones too', async () => {
    await know('ann', 'ann', '$device:1');
    for (let n = 0; n < 49; n++) await log(`$device:old-${n}`, 'ann', { refused: 'no' });
    const undone = { undoneAt: new Date(0), undoneBy: 'bob' };
    await log('$device:2', 'ann', { form: 'device', ...undone });
    await log('$device:1', 'bob', { refused: 'already' });
    await log('$device:8', 'cat');
    const { service } = open();
    const first = await service.log(project, '$device:1', undefined);
    expect(first.links).toHaveLength(50);
    expect(first.links.slice(0, 2)).toMatchObject([
      { form: 'identify', alias: '$device:1', joined: 'bob', refused: 'already', undone: null },
      { form: 'device', undone: { at: '1970-01-01T00:00:00.000Z', by: 'bob' }, refused: null },
    ]);
    const rest = await service.log(project, 'ann', first.next ?? '');
    expect(rest.links.map(({ alias }) => alias)).toEqual(['$device:old-0']);
    expect(rest.next).toBeNull();
  });

  test('counts what was refused in the last days, by why', async () => {
    await log('x', 'ann', { refused: 'too many', outcome: 'too_many_identifiers' });
    await log('y', 'ann', { refused: 'too many!', outcome: 'too_many_identifiers' });
    await log('z', 'ann', { refused: 'taken', outcome: 'alias_taken' });
    await log('w', 'ann', { outcome: 'joined' });
    const old = new Date(Date.now() - 8 * 86_400_000);
    await log('v', 'ann', { refused: 'old', outcome: 'alias_taken', createdAt: old });
    const { refusals } = await open().service.refusals(project, 7);
    expect(refusals).toMatchObject([
      {
        code: 'too_many_identifiers',
        count: 2,
        example: { alias: 'y', joined: 'ann', reason: 'too many!' },
      },
      { code: 'alias_taken', count: 1, example: { alias: 'z' } },
    ]);
  });

  test('shows what taking a link back would do', async () => {
    await know('ann', 'ann', '$device:1', 'nick');
    const link = await log('$device:1', 'ann');
    await log('nick', '$device:1');
    expect(await open().service.preview(project, link)).toEqual({
      stays: { canonical: 'ann', identifiers: ['ann'] },
      leaves: { canonical: '$device:1', identifiers: ['$device:1', 'nick'] },
    });
  });
});

describe('changing who is whom', () => {
  test('sends a merge the way of events, waits for it and writes it down', async () => {
    await know('ann', 'ann');
    await know('bob', 'bob');
    const { service, sent, audited } = open(async () => {
      await log('bob', 'ann', { form: 'explicit' });
    });
    const users = { one: 'ann', other: 'bob' };
    expect(await service.merge(project, users, change)).toEqual({ done: true });
    expect(sent).toMatchObject([
      { project: project.id, records: [{ kind: 'link', alias: 'bob', user: 'ann' }] },
    ]);
    expect(await audited()).toMatchObject([
      {
        actor: 'ann@example.com',
        action: 'identity.merge',
        target: 'ann',
        details: { with: 'bob' },
      },
    ]);
  });

  test('tells why a merge was refused', async () => {
    await know('ann', 'ann');
    await know('bob', 'bob');
    // An older refusal of the same two says nothing of this one.
    await log('bob', 'ann', { form: 'explicit', refused: 'once' });
    const { service } = open(async () => {
      await log('bob', 'ann', { form: 'explicit', refused: 'together too many' });
    });
    const merging = service.merge(project, { one: 'ann', other: 'bob' }, change);
    await expect(merging).rejects.toMatchObject({ code: 'CONFLICT', message: 'together too many' });
  });

  test('sends nothing for users who are one already, or whom nobody knows', async () => {
    await know('ann', 'ann', 'nick');
    const { service, sent } = open();
    expect(await service.merge(project, { one: 'ann', other: 'nick' }, change)).toEqual({
      done: true,
    });
    await expect(
      service.merge(project, { one: 'ann', other: 'nobody' }, change),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(sent).toEqual([]);
  });

  test('takes a link back once', async () => {
    await know('ann', 'ann', '$device:1');
    const link = await log('$device:1', 'ann');
    const { service, sent, audited } = open(async () => {
      const data = { undoneAt: new Date(), undoneBy: 'ann@example.com' };
      await db.identityLink.update({ where: { id: BigInt(link) }, data });
    });
    expect(await service.undo(project, link, change)).toEqual({ done: true });
    expect(sent[0]?.records).toMatchObject([
      { kind: 'unlink', link: Number(link), by: 'ann@example.com' },
    ]);
    expect(await audited()).toMatchObject([{ action: 'identity.undo', target: '$device:1' }]);
    await expect(service.undo(project, link, change)).rejects.toThrow(
      `link ${link} was taken back by ann@example.com`,
    );
    const refused = await log('x', 'ann', { refused: 'no' });
    await expect(service.undo(project, refused, change)).rejects.toThrow(
      `link ${refused} was refused: there is nothing to take back`,
    );
    await expect(service.undo(project, '999999999', change)).rejects.toThrow(
      'there is no link 999999999 in this project',
    );
    expect(sent).toHaveLength(1);
  });

  test('does not wait for somebody who went away', async () => {
    await know('ann', 'ann', '$device:1');
    const link = await log('$device:1', 'ann');
    const gone = AbortSignal.abort();
    await expect(open().service.undo(project, link, { by, signal: gone })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  test('sets what joins identifiers, and writes down what it was', async () => {
    const { service, audited } = open();
    expect(await service.settings(project)).toEqual({ mode: 'simplified' });
    await service.setSettings(project, { mode: 'simplified' }, by);
    expect(await audited()).toEqual([]);
    expect(await service.setSettings(project, { mode: 'original' }, by)).toEqual({
      mode: 'original',
    });
    expect(await service.settings(project)).toEqual({ mode: 'original' });
    expect(await audited()).toMatchObject([
      { action: 'identity.mode', details: { was: 'simplified', is: 'original' } },
    ]);
  });
});
