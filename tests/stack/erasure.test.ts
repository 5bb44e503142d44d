import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import type { DataRequest } from '@arbor/schema/privacy';
import type { QueryInput } from '@arbor/schema/query';
import type { UserProfile } from '@arbor/schema/users-result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInFiles } from '../support/find-in-files.ts';
import {
  ask,
  bootstrapOf,
  countEvents,
  importEvents,
  requestAsAdmin,
  testProject,
} from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * Somebody is erased through a whole stack: rows in segments and in row logs, profile, aliases, Live, a frozen cohort, the
 * audit log. Afterwards the data folder is searched for every text that was his alone.
 */

const project = testProject(54, 'erasure');
const strict = testProject(55, 'strict');
/** Keeps the last month. */
const monthly = testProject(57, 'monthly');
/** reports.md 1, over shards of which some have nothing of who is erased. */
const d1Project = { ...testProject(56, 'd1'), spread: 4 };
const day = Date.UTC(2026, 2, 5, 12);

/** Texts that only data of the erased user hold. */
const marks = {
  // As some systems make them, and some people.
  identifier: 'qx7 gretel|identifier',
  alias: 'qx7-gretel-second-name',
  value: 'qx7-value-of-an-event',
  late: 'qx7-value-in-the-row-log',
  profile: 'qx7-mail@example.com',
};

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project, strict, monthly, d1Project]),
    env: {
      ARBOR_INDEX_SECONDS: '3',
      ARBOR_ERASURE_DELAY_SECONDS: '2',
      ARBOR_ERASED_FILES_SECONDS: '3',
      // Those of days that expired stay as long as all others.
      ARBOR_REPLACED_FILES_SECONDS: '20',
    },
  });
});
afterAll(async () => {
  await stack.stop();
});

const url = (path: string, of = project): string =>
  `${stack.apiUrl}/api/v1/projects/${of.id}/${path}`;

async function post(endpoint: string, records: readonly object[]): Promise<void> {
  const response = await fetch(`${stack.apiUrl}/${endpoint}?ip=0`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  expect(response.status).toBe(200);
}

let sentCount = 0;
function visit(user: string, properties: object = {}, of = project) {
  const n = sentCount++;
  return {
    event: 'Visit',
    properties: {
      token: of.token,
      distinct_id: user,
      time: day + n * 1000,
      $insert_id: `visit-${n}`,
      ...properties,
    },
  };
}

const counts = (total: number, users: number, of = project) =>
  until(
    () => countEvents(stack.apiUrl, of, { event: 'Visit' }),
    (answer) => answer.total === total && answer.users === users,
  );

async function askFor(body: object, of = project): Promise<DataRequest> {
  const response = await requestAsAdmin(url('data-requests', of), { body });
  expect(response.status).toBe(201);
  return ((await response.json()) as { request: DataRequest }).request;
}

async function requestOf(id: string, of = project): Promise<DataRequest> {
  const response = await requestAsAdmin(url(`data-requests/${id}`, of));
  expect(response.status).toBe(200);
  return ((await response.json()) as { request: DataRequest }).request;
}

const untilErased = (id: string, of = project) =>
  until(
    () => requestOf(id, of),
    ({ status }) => status === 'SUCCESS',
    { timeoutMs: 120_000, everyMs: 200 },
  );

/** Also as addresses have them. */
const texts = Object.values(marks).flatMap((mark) => [mark, encodeURIComponent(mark)]);
const findMarks = (): string[] => findInFiles(stack.dataDir, texts);

/** What people say of the user elsewhere, and ask about him: each of it is kept somewhere, or held in some cache. */
async function talkAbout(identifier: string): Promise<{ readonly table: string }> {
  const write = async (path: string, body: object): Promise<unknown> => {
    const response = await requestAsAdmin(url(path), { body });
    expect(response.status, path).toBe(201);
    return response.json();
  };
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2026-03-01', to: '2026-03-10' },
    metrics: [{ selector: { anyOf: [{ event: 'Visit' }] }, measure: { type: 'total' } }],
    filters: [
      {
        type: 'property',
        property: { scope: 'person', name: '$distinct_id' },
        operator: 'equals',
        values: [identifier],
      },
    ],
  };
  await write('reports', { name: `What ${identifier} did`, query });
  const place = { id: 'note', columns: 6, rows: 2 };
  const cards = [{ type: 'text', ...place, text: `Wrote to ${identifier}.` }];
  await write('boards', { title: 'Team', cards });
  const made = await write('lookup-tables', { name: 'Owners', definition: {} });
  const { lookupTable } = made as { lookupTable: { id: string } };
  const rows = await requestAsAdmin(url(`lookup-tables/${lookupTable.id}/rows`), {
    method: 'PUT',
    csv: `key,owner\n${identifier},mara\nhans,mara\n`,
  });
  expect(rows.status).toBe(200);
  // Refused: Live shows it as it was sent.
  await post('track', [
    { event: '', properties: { token: project.token, distinct_id: identifier } },
  ]);
  await ask(stack.apiUrl, project, query);
  for (const path of [
    'users/list',
    'users/export',
    `users/${encodeURIComponent(identifier)}/activity`,
  ]) {
    const asked = await requestAsAdmin(url(path), { body: { search: identifier } });
    expect(asked.status, path).toBe(200);
    await asked.text();
  }
  return { table: lookupTable.id };
}

test('after an erasure no file holds the user, and everybody else is as before', async () => {
  const { identifier, alias, value, late, profile } = marks;
  const cohort = await requestAsAdmin(url('cohorts'), {
    body: { name: 'Frozen', definition: { type: 'frozen' } },
  });
  const { cohort: made } = (await cohort.json()) as { cohort: { id: string } };
  const uploaded = await requestAsAdmin(url(`cohorts/${made.id}/members`), {
    method: 'PUT',
    csv: `distinct_id\n${identifier}\nhans\n`,
  });
  expect(uploaded.status).toBe(200);
  await post('track', [
    visit(identifier, { secret: value }),
    visit(identifier, { secret: value }),
    visit('hans', { plan: 'pro' }),
    visit('hans', { plan: 'pro' }),
  ]);
  await post('track', [
    {
      event: '$create_alias',
      properties: { token: project.token, distinct_id: identifier, alias, time: day },
    },
  ]);
  await post('engage', [
    { $token: project.token, $distinct_id: identifier, $set: { $email: profile, tier: 7 } },
    { $token: project.token, $distinct_id: 'hans', $set: { $email: 'hans@example.com' } },
  ]);
  await counts(4, 2);
  // Some of it in segments …
  await until(
    () => Promise.resolve(findMarks().join('\n')),
    (places) => places.includes('.arseg') && places.includes('.arppl'),
  );
  // … and some in the row logs.
  await post('track', [visit(alias, { secret: late }), visit('hans')]);
  await counts(6, 2);
  const edited = await requestAsAdmin(url(`users/${alias}/profile`), {
    method: 'PATCH',
    body: { edits: [{ operator: '$set', values: { nick: profile } }] },
  });
  expect(edited.status).toBe(202);
  const { table } = await talkAbout(identifier);
  // The search finds them in databases, row logs and segments alike.
  const places = findMarks().join('\n');
  for (const place of ['postgres', 'redis', '.arlog', '.arseg', '.arppl']) {
    expect(places).toContain(place);
  }

  const request = await askFor({ kind: 'erasure', distinctIds: [alias] });
  expect(request).toMatchObject({ status: 'PENDING', distinctIdCount: 1, receipt: null });
  const { receipt, distinctIds } = await untilErased(request.id);
  expect(distinctIds).toBeNull();
  expect(receipt).toMatchObject({ id: request.id, events: 4, profiles: 1, aliases: 2 });
  await counts(3, 1);
  expect(findMarks()).toEqual([]);
  for (const text of texts) expect(stack.output()).not.toContain(text);
  const left = await requestAsAdmin(url(`lookup-tables/${table}`));
  expect(await left.json()).toMatchObject({ lookupTable: { uploaded: { rows: 1 } } });
  const reports = await requestAsAdmin(url('reports'));
  expect(await reports.json()).toMatchObject({ reports: [{ name: 'What (erased) did' }] });
  const gone = await requestAsAdmin(url(`users/${encodeURIComponent(identifier)}`));
  expect(gone.status).toBe(404);
  const hans = await requestAsAdmin(url('users/hans'));
  const { profile: kept } = (await hans.json()) as { profile: { properties: object } };
  expect(kept.properties).toMatchObject({ $email: 'hans@example.com' });

  // The project takes what comes later: it is somebody new.
  await post('track', [visit(identifier)]);
  await counts(4, 2);
  const again = await requestAsAdmin(url(`data-requests/${request.id}`), { method: 'DELETE' });
  expect(again.status).toBe(409);
});

/** What reports.md 20 says of D1. */
async function numbersOfD1() {
  const range = { from: '2024-03-04', to: '2024-03-05' };
  const [signup, play] = ['Signup', 'Play'].map((event) => ({ anyOf: [{ event }] }));
  const asked = async (query: QueryInput) => (await ask(stack.apiUrl, d1Project, query)).result;
  const funnel = await asked({ type: 'funnel', range, steps: [signup, play] });
  const retention = await asked({
    type: 'retention',
    range,
    birth: signup,
    return: play,
    criterion: 'on',
    intervals: 7,
  });
  if (funnel.type !== 'funnel' || retention.type !== 'retention') throw new Error(funnel.type);
  const { total, users } = await countEvents(stack.apiUrl, d1Project, { event: 'Play' });
  const [{ size, counts: returned }] = retention.cohorts;
  return {
    plays: total,
    players: users,
    funnel: funnel.steps.map(({ count }) => count),
    cohort: [size, ...returned],
  };
}

test('20: u1 of D1, erased, leaves every number', async () => {
  const sent = d1.events.map(({ user, event, time, properties }, n) => ({
    event,
    properties: {
      ...properties,
      distinct_id: user,
      time,
      $insert_id: `d1-${n}`,
    },
  }));
  await importEvents(stack.apiUrl, d1Project, sent);
  // All at once: each zone has the events in a moment of its own, and any may answer each question.
  const numbersAre = (expected: Awaited<ReturnType<typeof numbersOfD1>>) =>
    until(numbersOfD1, (numbers) => isDeepStrictEqual(numbers, expected));
  const before = { plays: 7, players: 4, funnel: [3, 3], cohort: [2, 2, 0, 1, 0, 0, 0, 1] };
  expect(await numbersAre(before)).toEqual(before);

  const { id } = await askFor({ kind: 'erasure', distinctIds: ['u1'] }, d1Project);
  await untilErased(id, d1Project);
  const after = { plays: 4, players: 3, funnel: [2, 2], cohort: [1, 1, 0, 0, 0, 0, 0, 1] };
  expect(await numbersAre(after)).toEqual(after);
});

test('a project may refuse what names an erased identifier later', async () => {
  const settings = await requestAsAdmin(url('privacy-settings', strict), {
    method: 'PUT',
    body: { retentionDays: null, acceptsErased: false },
  });
  expect(settings.status).toBe(200);
  await post('track', [visit('ida', {}, strict), visit('otto', {}, strict)]);
  await counts(2, 2, strict);
  const { id } = await askFor({ kind: 'erasure', distinctIds: ['ida'] }, strict);
  await untilErased(id, strict);
  await counts(1, 1, strict);
  await post('track', [visit('ida', {}, strict), visit('otto', {}, strict)]);
  await counts(2, 1, strict);
});

test('an erasure can be cancelled until it starts', async () => {
  await post('track', [visit('karl', {}, strict)]);
  await counts(3, 2, strict);
  const { id } = await askFor({ kind: 'erasure', distinctIds: ['karl'] }, strict);
  const cancelled = await requestAsAdmin(url(`data-requests/${id}`, strict), { method: 'DELETE' });
  expect(cancelled.status).toBe(200);
  expect(await requestOf(id, strict)).toMatchObject({ status: 'REVOKED', distinctIds: null });
  await counts(3, 2, strict);
});

test('gives everything about a user to who has the link', async () => {
  await post('track', [visit('lisa', { plan: 'free' }), visit('lisa')]);
  await post('engage', [{ $token: project.token, $distinct_id: 'lisa', $set: { tier: 3 } }]);
  const request = await askFor({ kind: 'access', distinctIds: ['lisa', 'nobody'] });
  const { link } = await until(
    () => requestOf(request.id),
    ({ status }) => status === 'SUCCESS',
  );
  const linked = link?.path ?? '';
  const lines = await until(
    async () => {
      const response = await fetch(`${stack.apiUrl}${linked}`);
      expect(response.status).toBe(200);
      const text = await response.text();
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    (all) => all.filter(({ type }) => type === 'event').length === 2,
  );
  expect(lines).toContainEqual({ type: 'unknown', identifier: 'nobody' });
  expect(lines).toContainEqual(expect.objectContaining({ type: 'identifier', identifier: 'lisa' }));
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'profile', properties: expect.objectContaining({ tier: 3 }) }),
  );
  const forged = await fetch(`${stack.apiUrl}${linked.replace('signature=', 'signature=x')}`);
  expect(forged.status).toBe(404);
});

test('days that a project does not keep any more leave reports, first-seen times and files', async () => {
  const old = 'qx8-value-of-a-day-that-is-over';
  const daysAgo = (days: number): number =>
    Math.floor(Date.now() / 1000) * 1000 - days * 86_400_000;
  const seenLast = daysAgo(3);
  await importEvents(stack.apiUrl, monthly, [
    visit('gerda', { time: daysAgo(40), place: old }, monthly),
    visit('hans', { time: daysAgo(35), place: old }, monthly),
    visit('gerda', { time: seenLast }, monthly),
  ]);
  await counts(3, 2, monthly);
  const filesWithIt = () =>
    Promise.resolve(findInFiles(path.join(stack.dataDir, 'objects'), [old]).length);
  await until(filesWithIt, (files) => files > 0);
  const settings = await requestAsAdmin(url('privacy-settings', monthly), {
    method: 'PUT',
    body: { retentionDays: 30 },
  });
  expect(settings.status).toBe(200);
  await counts(1, 1, monthly);
  const profileOfGerda = async () => {
    const response = await requestAsAdmin(url('users/gerda', monthly));
    return ((await response.json()) as { profile: UserProfile }).profile;
  };
  // Another zone may answer each question, and take the version in a moment later.
  await until(
    profileOfGerda,
    ({ eventCount, firstSeenMs }) => eventCount === 1 && firstSeenMs === seenLast,
  );
  await until(filesWithIt, (files) => files === 0, { timeoutMs: 60_000 });
});

test("answers Mixpanel's scripts", async () => {
  const base = `${stack.apiUrl}/api/app/data-deletions/v3.0`;
  const authorization = 'Bearer test-admin:a-long-test-secret';
  const created = await fetch(`${base}/?token=${project.token}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ distinct_ids: ['nobody'], compliance_type: 'CCPA' }),
  });
  expect(created.status).toBe(200);
  const { results } = (await created.json()) as { results: Record<string, unknown>[] };
  const id = String(results[0]?.tracking_id);
  expect(results).toMatchObject([{ status: 'PENDING', compliance_type: 'ccpa', task_id: id }]);
  const of = `${base}/${id}?token=${project.token}`;
  const shown = await fetch(of, { headers: { authorization } });
  expect(await shown.json()).toMatchObject({ status: 'ok', results: { tracking_id: id } });
  const cancelled = await fetch(of, { method: 'DELETE', headers: { authorization } });
  expect(cancelled.status).toBe(204);
  const twice = await fetch(of, { method: 'DELETE', headers: { authorization } });
  expect(twice.status).toBe(405);
});

test("answers Mixpanel's scripts with all that is known of a user, in an archive", async () => {
  await post('track', [visit('nora', { plan: 'pro' })]);
  await post('engage', [{ $token: project.token, $distinct_id: 'nora', $set: { tier: 5 } }]);
  const base = `${stack.apiUrl}/api/app/data-retrievals/v3.0`;
  const headers = {
    authorization: 'Bearer test-admin:a-long-test-secret',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({
    distinct_ids: ['nora'],
    compliance_type: 'GDPR',
    disclosure_type: 'Data',
  });
  type Result = { tracking_id: string; status: string; result?: string; results?: string };
  // One a second: that of the test before may be the first of this one.
  const created = await until(
    () => fetch(`${base}/?token=${project.token}`, { method: 'POST', headers, body }),
    ({ status }) => status === 200,
  );
  const { results: made } = (await created.json()) as { results: Result[] };
  expect(made).toMatchObject([{ status: 'PENDING', disclosure_type: 'DATA' }]);
  const shown = await until(
    async () => {
      const answer = await fetch(`${base}/${made[0]?.tracking_id}?token=${project.token}`, {
        headers,
      });
      return ((await answer.json()) as { results: Result }).results;
    },
    ({ status }) => status === 'SUCCESS',
  );
  expect(shown.result).toBe(shown.results);
  const lines = await until(
    async () => {
      const bytes = Buffer.from(await (await fetch(shown.results ?? '')).arrayBuffer());
      const nameLength = bytes.readUInt16LE(26);
      expect(bytes.toString('utf8', 30, 30 + nameLength)).toBe('data.json');
      const text = inflateRawSync(bytes.subarray(30 + nameLength)).toString();
      return JSON.parse(text) as Record<string, unknown>[];
    },
    (all) => ['event', 'profile'].every((kind) => all.some(({ type }) => type === kind)),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'event', event: 'Visit', user: 'nora' }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ type: 'profile', properties: expect.objectContaining({ tier: 5 }) }),
  );
});
