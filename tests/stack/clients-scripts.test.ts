import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { InsightsResult } from '@arbor/schema/result';
import { d1 } from '@arbor/engine/test/examples/sample-data';
import { type FixedHosts, startFixedHosts } from '../support/fixed-hosts/fixed-hosts.ts';
import { ask, bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * Clients of scripts and servers (query-api.md 20, ingestion-api.md 13), unmodified: what they write is stored, what they
 * read are the numbers of the sample data D1 of reports.md 1. All are asked under Mixpanel's own hosts,
 * which two of them have in their code.
 */

const project = testProject(71, 'fixed-hosts');
const account = { acct: 'test-admin', pass: 'a-long-test-secret', project: String(project.id) };
const quiet = { verbose: false, showProgress: false, logs: false, abridged: false };
const range = { from_date: '2024-03-04', to_date: '2024-03-06' };

let stack: TestStack;
let hosts: FixedHosts;
let folder = '';

interface Summary {
  readonly success: number;
  readonly failed: number;
  readonly dryRun?: readonly unknown[];
}
/** Jobs of `mixpanel-import`, by default with the service account. */
const importJobs = async (
  ...jobs: readonly { data?: unknown; options: object; credentials?: object }[]
) =>
  (await hosts.run(
    './run-mixpanel-import.ts',
    jobs.map(({ data = null, options, credentials = account }) => [
      credentials,
      data,
      { ...quiet, ...options },
    ]),
  )) as Summary[];
const dataExport = (calls: readonly (readonly [string, object])[]) =>
  hosts.run('./ask-data-export.ts', {
    secret: project.secret,
    calls: calls.map(([method, parameters]) => ({ method, parameters })),
  }) as Promise<unknown[]>;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-clients-'));
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
  hosts = await startFixedHosts(stack.apiUrl);
  const events = d1.events.map(({ user, event, time, properties }, i) => ({
    event,
    properties: { ...properties, time, distinct_id: user, $insert_id: `d1-${i}` },
  }));
  await importJobs({ data: events, options: { recordType: 'event' } });
  await until(
    () => countEvents(stack.apiUrl, project),
    ({ total }) => total === d1.events.length,
  );
});
afterAll(async () => {
  await hosts.close();
  await stack.stop();
  fs.rmSync(folder, { recursive: true });
});

const profileExport = { options: { recordType: 'profile-export', skipWriteToDisk: true } };

/** Waits until so many profiles are there. */
const untilProfiles = (count: number) =>
  until(
    async () => {
      const authorization = `Basic ${Buffer.from(`${project.secret}:`).toString('base64')}`;
      const answer = await fetch(`${stack.apiUrl}/api/2.0/engage`, { headers: { authorization } });
      return (await answer.json()) as { total: number };
    },
    ({ total }) => total === count,
  );

test('mixpanel-import: the same events again count once, and what is refused is reported', async () => {
  const plain = (event: string, time: number, id: string) => ({
    event,
    properties: { time, distinct_id: 'someone', $insert_id: id },
  });
  const late = plain('Elsewhere', 1_706_745_600, 'once');
  const bad = { event: 'Elsewhere', properties: { distinct_id: 'someone' } };
  const options = { recordType: 'event' };
  expect(
    await importJobs(
      { data: [late, bad], options },
      { data: [late], options: { ...options, compress: false } },
      { data: [plain('Last', 1_706_745_601, 'last')], options },
    ),
  ).toMatchObject([
    { success: 1, failed: 1 },
    { success: 1, failed: 0 },
    { success: 1, failed: 0 },
  ]);
  await until(
    () => countEvents(stack.apiUrl, project, { event: 'Last' }),
    ({ total }) => total === 1,
  );
  expect(await countEvents(stack.apiUrl, project, { event: 'Elsewhere' })).toMatchObject({
    total: 1,
  });
});

test('mixpanel-import: an export is a file of the events, and one of profiles has what was sent', async () => {
  const profiles = [
    { $token: project.token, $distinct_id: 'u1', $set: { plan: 'pro' } },
    { $token: project.token, $distinct_id: 'u2', $set: { plan: 'free' } },
  ];
  const group = { $token: project.token, $group_key: 'company', $group_id: 'acme', $set: { n: 1 } };
  const where = path.join(folder, 'events.ndjson');
  const exporting = { recordType: 'export', where, whereClause: 'properties["song"] == "A"' };
  expect(
    await importJobs(
      { data: profiles, options: { recordType: 'user' } },
      {
        data: [group],
        options: { recordType: 'group' },
        credentials: { ...account, groupKey: 'company', token: project.token },
      },
      { options: { ...exporting, start: range.from_date, end: range.to_date } },
    ),
  ).toMatchObject([{ success: 2, failed: 0 }, { success: 1, failed: 0 }, { success: 3 }]);
  const lines = fs.readFileSync(where, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { event: 'Play', properties: { distinct_id: 'u1', song: 'A', secs: 100 } },
    { event: 'Play', properties: { distinct_id: 'u2', song: 'A', secs: 200 } },
    { event: 'Play', properties: { distinct_id: 'u1', song: 'A', secs: 'n/a' } },
  ]);
  await untilProfiles(2);
  const [exported] = await importJobs(profileExport);
  expect(exported?.dryRun).toMatchObject([
    { $distinct_id: 'u1', $properties: { plan: 'pro' } },
    { $distinct_id: 'u2', $properties: { plan: 'free' } },
  ]);
  expect(hosts.asked.some((line) => line.startsWith('GET data.mixpanel.com/api/2.0/export?'))).toBe(
    true,
  );
});

test('mixpanel-import: profiles of groups are stored, and a table of its own takes the place of the one before', async () => {
  const names = ['import-acme', 'import-zen'];
  const data = names.map((id, i) => ({
    $token: project.token,
    $group_key: 'firm',
    $group_id: id,
    $set: { plan: i === 0 ? 'pro' : 'free' },
  }));
  const made = await requestAsAdmin(`${stack.apiUrl}/api/v1/projects/${project.id}/lookup-tables`, {
    body: { name: 'Products', definition: {} },
  });
  const { lookupTable } = (await made.json()) as { lookupTable: { id: string } };
  const credentials = { ...account, groupKey: 'firm', token: project.token };
  const tables = { ...account, lookupTableId: lookupTable.id };
  await importJobs(
    { data, options: { recordType: 'group' }, credentials },
    { data: 'sku,price\nk1,1\nk2,2', options: { recordType: 'table' }, credentials: tables },
    { data: 'sku,color\nk1,red', options: { recordType: 'table' }, credentials: tables },
  );
  const engage = `${stack.apiUrl}/api/query/engage?project_id=${project.id}&data_group_id=firm`;
  const groups = await until(
    async () => (await requestAsAdmin(engage)).json() as Promise<{ total: number }>,
    ({ total }) => total === names.length,
  );
  expect(groups).toMatchObject({
    results: [
      { $distinct_id: 'import-acme', $properties: { plan: 'pro' } },
      { $distinct_id: 'import-zen', $properties: { plan: 'free' } },
    ],
  });
  const stored = await requestAsAdmin(
    `${stack.apiUrl}/api/v1/projects/${project.id}/lookup-tables/${lookupTable.id}`,
  );
  expect(await stored.json()).toMatchObject({
    lookupTable: { uploaded: { rows: 1, columns: [{ name: 'sku' }, { name: 'color' }] } },
  });
});

test('mixpanel-data-export: every report of its list has the numbers of the sample', async () => {
  const event = 'Play';
  const song = { event, name: 'song' };
  const dates = { from_date: '2024-03-04', to_date: '2024-03-05' };
  const [events, names, properties, topProperties, values, segments, sums, averages, numeric] =
    await dataExport([
      ['events', { ...range, event: ['Play', 'Signup'], type: 'general', unit: 'day' }],
      ['eventNames', { ...range, type: 'general' }],
      ['eventProperties', { ...range, ...song, type: 'general', unit: 'day' }],
      ['topEventProperties', { ...range, event, limit: 1000 }],
      ['eventPropertyValues', { ...range, ...song }],
      ['segmentation', { ...range, event, on: 'properties["song"]' }],
      ['sumSegmentation', { ...dates, event, on: 'properties["secs"]' }],
      ['averageSegmentation', { ...dates, event, on: 'properties["secs"]' }],
      ['numericSegmentation', { ...dates, event, on: 'properties["secs"]' }],
    ]);
  const days = (...counts: number[]) =>
    Object.fromEntries(counts.map((count, i) => [`2024-03-0${i + 4}`, count]));
  expect(events).toMatchObject({
    legend_size: 2,
    data: { values: { Play: days(1, 2, 2), Signup: days(2, 1, 0) } },
  });
  expect(names).toEqual(['Play', 'Signup']);
  const bySong = { A: days(1, 1, 1), B: days(0, 1, 0), C: days(0, 0, 1) };
  expect(properties).toMatchObject({ data: { values: bySong } });
  expect(topProperties).toMatchObject({ secs: { count: 5 }, song: { count: 5 } });
  expect(values).toEqual(['A', 'B', 'C']);
  expect(segments).toMatchObject({ legend_size: 3, data: { values: bySong } });
  expect(sums).toMatchObject({ status: 'ok', results: days(100, 250) });
  expect(averages).toMatchObject({ status: 'ok', results: days(100, 125) });
  expect(numeric).toMatchObject({ data: { values: { '100 - 120': days(1, 0) } } });

  const [funnels, saved, retention, addiction, top, engaged, exported, refused] = await dataExport([
    ['funnels', { ...dates, events: ['Signup', 'Play'] }],
    ['listFunnels', {}],
    ['retention', { ...dates, born_event: 'Signup', event, interval_count: 2 }],
    ['addiction', { ...dates, unit: 'week', addiction_unit: 'day', event }],
    ['topEvents', { type: 'general', limit: 5 }],
    ['engage', { where: 'properties["plan"] == "pro"' }],
    ['export', { ...dates, event: ['Signup'] }],
    ['segmentation', { ...dates, event, where: 'properties["song"] = "A"' }],
  ]);
  expect(funnels).toMatchObject({
    data: { '2024-03-04': { steps: [{ count: 2 }, { count: 2, avg_time: 41_700 }] } },
  });
  expect(saved).toEqual([]);
  expect(retention).toEqual({
    '2024-03-04': { first: 2, counts: [2, 0, 1] },
    '2024-03-05': { first: 1, counts: [1, 0, 0] },
  });
  expect(addiction).toEqual({ data: { '2024-03-04': [2, 1, 0, 0, 0, 0, 0] } });
  expect(top).toEqual({ type: 'general', events: [] });
  expect(engaged).toMatchObject({ total: 1, results: [{ $distinct_id: 'u1' }] });
  expect(exported).toMatchObject([
    { event: 'Signup', properties: { distinct_id: 'u1' } },
    { event: 'Signup', properties: { distinct_id: 'u2' } },
    { event: 'Signup', properties: { distinct_id: 'u3' } },
  ]);
  expect(refused).toMatchObject({
    status: 'error',
    error: 'where: character 20: found "=", expected "==" to compare',
  });
});

test('mixpanel-data-export: annotations are made, changed, read and deleted', async () => {
  const date = '2024-03-05 12:00:00';
  const [made] = (await dataExport([['createAnnotation', { date, description: 'v2' }]])) as [
    object,
  ];
  expect(made).toMatchObject({ error: false });
  const list = ['annotations', range] as const;
  const [before] = (await dataExport([list])) as [{ annotations: { id: number }[] }];
  expect(before).toMatchObject({ error: false, annotations: [{ date, description: 'v2' }] });
  const id = before.annotations[0]?.id;
  const [, changed, , after] = await dataExport([
    ['updateAnnotation', { id, date, description: 'v2.1' }],
    list,
    ['deleteAnnotation', { id }],
    list,
  ]);
  expect(changed).toMatchObject({ annotations: [{ date, description: 'v2.1' }] });
  expect(after).toMatchObject({ error: false, annotations: [] });
});

test('mixpanel, the Node client: import and import_batch, and every operation on a person', async () => {
  const time = Date.parse('2023-06-01T10:00:00Z') / 1000;
  const used = (id: string, price: number) => ({ distinct_id: id, $insert_id: id, time, price });
  const { token, secret } = project;
  const one = ['import', 'Used', time, used('ada', 3)];
  // Sent twice, as after an answer that was lost.
  await hosts.run('./call-node-client.ts', { token, secret, calls: [one, one] });
  const batch = ['bob', 'cyd'].map((id) => ({ event: 'Used', properties: used(id, 4) }));
  await hosts.run('./call-node-client.ts', {
    token,
    account: [account.acct, account.pass, account.project],
    calls: [
      ['import_batch', batch],
      ['people.set', 'ada', { plan: 'pro', visits: 1, gone: 1, tags: ['a'] }],
      ['people.set_once', 'ada', { plan: 'free', first: 'yes' }],
      ['people.increment', 'ada', { visits: 2 }],
      ['people.append', 'ada', { tags: 'b' }],
      ['people.union', 'ada', { tags: ['b', 'c'] }],
      ['people.remove', 'ada', { tags: 'a' }],
      ['people.unset', 'ada', ['gone']],
      ['people.track_charge', 'ada', 30, { $time: '2023-06-01T10:00:00' }],
      ['people.set', 'bob', { plan: 'free' }],
      ['people.delete_user', 'bob'],
      ['groups.set', 'company', 'zen', { plan: 'pro' }],
      ['people.set', 'cyd', { last: true }],
    ],
  });
  await until(
    () => countEvents(stack.apiUrl, project, { event: 'Used' }),
    ({ total }) => total >= 3,
  );
  const sum = await ask(stack.apiUrl, project, {
    type: 'insights',
    range: { from: '2023-06-01', to: '2023-06-01' },
    unit: 'total',
    metrics: [
      {
        selector: { anyOf: [{ event: 'Used' }] },
        measure: { type: 'sum', property: { scope: 'event', name: 'price' } },
      },
    ],
  });
  expect((sum.result as InsightsResult).series[0]?.total).toBe(11);
  // The last one written: u1 and u2 of a test before, ada and cyd.
  await untilProfiles(4);
  const [exported] = await importJobs(profileExport);
  const profiles = (exported?.dryRun ?? []) as { $distinct_id: string; $properties: object }[];
  const of = (id: string) => profiles.find(({ $distinct_id }) => $distinct_id === id)?.$properties;
  expect(of('bob')).toBeUndefined();
  expect(of('ada')).toMatchObject({
    plan: 'pro',
    first: 'yes',
    visits: 3,
    tags: ['b', 'c'],
    $transactions: [{ $amount: 30 }],
  });
  expect(of('ada')).not.toHaveProperty('gone');
});
