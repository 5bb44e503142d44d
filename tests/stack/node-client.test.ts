import Mixpanel from 'mixpanel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { FunnelResult, InsightsResult, RetentionResult } from '@arbor/schema/result';
import { ask, bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

const project = testProject(41, 'node-client');
const range = { from: '2026-03-01', to: '2026-03-31' };
const at = (day: number, hour = 12): Date => new Date(Date.UTC(2026, 2, day, hour));

let stack: TestStack;
let client: Mixpanel.Mixpanel;

beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
  const { hostname, port } = new URL(stack.apiUrl);
  client = Mixpanel.init(project.token, { host: `${hostname}:${port}`, protocol: 'http' });
});
afterAll(async () => {
  await stack.stop();
});

/** The client's callbacks as a promise. */
const sent = (send: (done: (error?: Error) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    send((error) => (error ? reject(error) : resolve()));
  });

test('the official Node client, unmodified: events, people and an alias give the right reports', async () => {
  // Four visitors; the first is anonymous when it looks around and has an alias when it buys.
  await sent((done) => client.track('Visit', { distinct_id: 'anon-1', time: at(2, 9) }, done));
  await sent((done) => client.alias('anon-1', 'ada', done));
  await sent((done) =>
    client.track('Buy', { distinct_id: 'ada', time: at(2, 10), price: 30 }, done),
  );
  await sent((done) =>
    client.track_batch(
      [
        { event: 'Visit', properties: { distinct_id: 'bob', time: at(2, 11) } },
        { event: 'Visit', properties: { distinct_id: 'cyd', time: at(3, 11) } },
        { event: 'Buy', properties: { distinct_id: 'cyd', time: at(4, 11), price: 12.5 } },
        { event: 'Visit', properties: { distinct_id: 'dee', time: at(3, 12) } },
        { event: 'Visit', properties: { distinct_id: 'dee', time: at(10, 12) } },
      ],
      (errors) => done(errors?.[0]),
    ),
  );
  await sent((done) => client.people.set('ada', { plan: 'pro' }, {}, done));
  await sent((done) => client.people.set('bob', { plan: 'free' }, {}, done));

  await until(
    () => countEvents(stack.apiUrl, project, range),
    (answer) => answer.total === 7,
  );
  expect(await countEvents(stack.apiUrl, project, { ...range, event: 'Visit' })).toEqual({
    total: 5,
    users: 4,
  });

  const byPlan = await until(
    async () =>
      (
        await ask(stack.apiUrl, project, {
          type: 'insights',
          range,
          metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'unique' } }],
          breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
        })
      ).result as InsightsResult,
    ({ series }) => series.some(({ segment }) => segment?.text === 'free'),
  );
  expect(
    Object.fromEntries(byPlan.series.map((one) => [one.segment?.text ?? 'all', one.total])),
  ).toEqual({ all: 4, pro: 1, free: 1, '(not set)': 2 });

  const funnel = await ask(stack.apiUrl, project, {
    type: 'funnel',
    range,
    steps: [{ anyOf: [{ event: 'Visit' }] }, { anyOf: [{ event: 'Buy' }] }],
  });
  const { steps } = funnel.result as FunnelResult;
  expect(steps.map(({ count }) => count)).toEqual([4, 2]);
  // ada took an hour, cyd a day.
  expect(steps[1]?.averageFromEntryMs).toBe((3_600_000 + 86_400_000) / 2);

  const retention = await ask(stack.apiUrl, project, {
    type: 'retention',
    range,
    birth: { anyOf: [{ event: 'Visit' }] },
    return: { anyOf: [{ event: 'Visit' }] },
    unit: 'week',
    mode: 'rolling',
    criterion: 'on',
    births: 'first',
    intervals: 3,
  });
  const week = (retention.result as RetentionResult).cohorts.find(({ size }) => size > 0);
  expect(week).toMatchObject({ size: 4, counts: [0, 1, 0] });
});

test('groups of the Node client: profiles filter and break down events, and reports count groups', async () => {
  const month = { from: '2026-04-01', to: '2026-04-30' };
  const use = (id: string, day: number) => ({
    distinct_id: `${id}-${day}`,
    time: new Date(Date.UTC(2026, 3, day)),
    company: id,
  });
  for (const [id, day] of [
    ['acme', 1],
    ['acme', 2],
    ['zen', 3],
  ] as const) {
    await sent((done) => client.track('Use', use(id, day), done));
  }
  await sent((done) => client.groups.set('company', 'acme', { plan: 'pro' }, {}, done));
  await sent((done) => client.groups.set_once('company', 'acme', { plan: 'free' }, {}, done));
  await sent((done) => client.groups.union('company', 'acme', { tags: ['a', 'b'] }, {}, done));
  await sent((done) => client.groups.remove('company', 'acme', { tags: 'a' }, {}, done));
  await sent((done) => client.groups.set('company', 'zen', { plan: 'free', old: 1 }, {}, done));
  await sent((done) => client.groups.unset('company', 'zen', ['old'], {}, done));
  await sent((done) => client.groups.set('company', 'gone', { plan: 'free' }, {}, done));
  await sent((done) => client.groups.delete_group('company', 'gone', {}, done));

  const by = async (name: string, zone: string): Promise<Record<string, number | null>> => {
    const query = {
      type: 'insights' as const,
      range: month,
      unit: 'total' as const,
      groupKey: 'company',
      metrics: [{ selector: { anyOf: [{ event: 'Use' }] }, measure: { type: 'unique' as const } }],
      breakdowns: [{ property: { scope: 'group' as const, groupKey: 'company', name } }],
    };
    const { result } = await ask(stack.apiUrl, project, query, { zone });
    const { series } = result as InsightsResult;
    return Object.fromEntries(series.map((one) => [one.segment?.text ?? 'all', one.total]));
  };
  for (const zone of ['a', 'b']) {
    const plans = await until(
      () => by('plan', zone),
      ({ pro, free }) => pro === 1 && free === 1,
    );
    expect(plans).toEqual({ all: 2, pro: 1, free: 1 });
    const tags = await until(
      () => by('tags', zone),
      ({ a }) => a === undefined,
    );
    expect(tags).toEqual({ all: 2, b: 1, '(not set)': 1 });
    // What came before the deletion of another group is there.
    expect(await by('old', zone)).toEqual({ all: 2, '(not set)': 2 });
  }

  const authorization = `Basic ${Buffer.from(`${project.secret}:`).toString('base64')}`;
  const engage = new URL('/api/query/engage', stack.apiUrl);
  engage.search = new URLSearchParams({ data_group_id: 'company' }).toString();
  const profiles = await fetch(engage, { headers: { authorization } });
  expect(await profiles.json()).toMatchObject({
    total: 2,
    results: [
      { $distinct_id: 'acme', $properties: { plan: 'pro', tags: ['b'] } },
      { $distinct_id: 'zen', $properties: { plan: 'free' } },
    ],
  });

  const listed = await fetch(`${stack.apiUrl}/api/v1/names/groups?project_id=${project.id}`, {
    headers: { authorization },
  });
  const { groups } = (await listed.json()) as { groups: { groupKey: string; count: number }[] };
  expect(groups.map(({ groupKey, count }) => [groupKey, count])).toEqual([['company', 2]]);
});
