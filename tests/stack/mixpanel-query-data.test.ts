import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/* query-api.md 8, 10 and 12 through a whole stack, over the sample data D1 of reports.md 1. */

const project = testProject(43, 'mixpanel-query-data');
const at = (text: string): number => Date.parse(`2024-${text.replace(' ', 'T')}:00Z`) / 1000;
const did = (user: string, event: string, time: string, properties: object = {}) => ({
  event,
  properties: {
    token: project.token,
    distinct_id: user,
    time: at(time),
    $insert_id: `${user}-${at(time)}`,
    ...properties,
  },
});
const events = [
  did('u1', 'Signup', '03-04 09:00'),
  did('u1', 'Play', '03-04 09:10', { song: 'A', secs: 100, tags: ['rock', 'pop'] }),
  did('u2', 'Signup', '03-04 10:00'),
  did('u1', 'Play', '03-05 08:00', { song: 'B', secs: 50, tags: ['rock'] }),
  did('u2', 'Play', '03-05 09:00', { song: 'A', secs: 200, tags: ['jazz', 'jazz'] }),
  did('u3', 'Signup', '03-05 23:30'),
  did('u3', 'Play', '03-06 00:10', { song: 'C', secs: 30 }),
  did('u1', 'Play', '03-06 12:00', { song: 'A', secs: 'n/a', tags: [] }),
  did('u2', 'Play', '03-11 09:00', { song: 'B', secs: 120, tags: ['pop'] }),
  did('u4', 'Play', '03-12 10:00', { song: 'A', secs: 300, tags: ['rock'] }),
];
const range = { from: '2024-03-01', to: '2024-03-31' };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${stack.apiUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post('/track', events);
  // Twice: a copy is no other event.
  await post('/track', events.slice(0, 3));
  const profile = (user: string, plan: string) => ({
    $token: project.token,
    $distinct_id: user,
    $set: { plan },
  });
  await post('/engage', [profile('u1', 'pro'), profile('u2', 'pro'), profile('u3', 'free')]);
  await until(
    () => countEvents(stack.apiUrl, project, range),
    (answer) => answer.total === events.length,
  );
});
afterAll(() => stack.stop());

const ask = (path: string, parameters: Record<string, string>, headers = {}): Promise<Response> =>
  fetch(`${stack.apiUrl}${path}?${new URLSearchParams(parameters).toString()}`, {
    headers: {
      authorization: `Basic ${Buffer.from(`${project.secret}:`).toString('base64')}`,
      ...headers,
    },
  });

interface Line {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}
async function exported(parameters: Record<string, string> = {}): Promise<Line[]> {
  const dates = { from_date: range.from, to_date: range.to };
  const response = await ask('/api/2.0/export', { ...dates, ...parameters });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; charset=utf-8',
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

test('12: the export has every event once, by time, as it was sent', async () => {
  const lines = await exported();
  const sent = events.map(({ event, properties }) => {
    const { token: _, ...own } = properties;
    return { event, properties: own };
  });
  expect(lines).toMatchObject(sent);
  expect(lines.every(({ properties }) => Number(properties['mp_processing_time_ms']) > 0)).toBe(
    true,
  );
});

test('12: some events, some days, a condition, and where a download goes on', async () => {
  const times = async (parameters: Record<string, string>) =>
    (await exported(parameters)).map(({ properties }) => properties['time']);
  expect(await times({ event: '["Signup"]' })).toHaveLength(3);
  expect(await times({ from_date: '2024-03-05', to_date: '2024-03-05' })).toHaveLength(3);
  expect(await times({ where: 'properties["song"] == "A"' })).toHaveLength(4);
  expect(await times({ where: 'user["plan"] == "free"' })).toHaveLength(2);
  expect(await times({ limit: '2' })).toEqual([at('03-04 09:00'), at('03-04 09:10')]);
  const fromMs = String(at('03-11 09:00') * 1000);
  expect(await times({ from_time: fromMs })).toEqual([at('03-11 09:00'), at('03-12 10:00')]);
  expect(await times({ from_date: '2023-01-01', to_date: '2023-01-02' })).toEqual([]);
});

test('8: profiles, one and all', async () => {
  const parameters = { where: 'properties["plan"] == "pro"' };
  const page = await until(
    async () => (await ask('/api/2.0/engage', parameters)).json() as Promise<{ total: number }>,
    ({ total }) => total === 2,
  );
  expect(page).toMatchObject({
    results: [
      { $distinct_id: 'u1', $properties: { plan: 'pro' } },
      { $distinct_id: 'u2', $properties: { plan: 'pro' } },
    ],
  });
  const one = await (await ask('/api/query/engage', { distinct_id: 'u3' })).json();
  expect(one).toMatchObject({ total: 1, results: [{ $properties: { plan: 'free' } }] });
});

test('10.1: what a user did', async () => {
  const dates = { from_date: range.from, to_date: range.to };
  const feed = await ask('/api/query/stream/query', { ...dates, distinct_ids: '["u3"]' });
  expect(await feed.json()).toMatchObject({
    status: 'ok',
    results: {
      events: [
        { event: 'Signup', properties: { time: at('03-05 23:30'), distinct_id: 'u3' } },
        { event: 'Play', properties: { song: 'C', secs: 30, $distinct_id: 'u3' } },
      ],
    },
  });
});

interface Profiles {
  readonly total: number;
  readonly results: readonly {
    readonly $distinct_id: string;
    readonly $properties: Readonly<Record<string, unknown>>;
  }[];
}
const profilesOf = async (users: readonly string[]): Promise<Profiles> => {
  const response = await ask('/api/query/engage', { distinct_ids: JSON.stringify(users) });
  return (await response.json()) as Profiles;
};

/** Sends updates of profiles, and says what the answer was. */
async function engage(...updates: readonly (readonly [user: string, update: object])[]) {
  const body = updates.map(([user, update]) => ({
    $token: project.token,
    $distinct_id: user,
    $ignore_time: true,
    ...update,
  }));
  const response = await fetch(`${stack.apiUrl}/engage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.text();
}

test('ingestion-api 15.6, 15.12: $delete takes the profile whatever its value, and leaves events of any age', async () => {
  const old = { from: '2022-05-01', to: '2022-05-31' };
  const values = ['', 'null', null, 'itself'];
  const users = values.map((_, i) => `deleted-${i}`);
  const time = Date.parse('2022-05-02T00:00:00Z') / 1000;
  const visits = users.map((user) => {
    const properties = { token: project.token, distinct_id: user, time, $insert_id: user };
    return { event: 'Visit', properties };
  });
  await fetch(`${stack.apiUrl}/track`, { method: 'POST', body: JSON.stringify(visits) });
  expect(await engage(...users.map((user) => [user, { $set: { a: 1 } }] as const))).toBe('1');
  await until(
    () => profilesOf(users),
    ({ total }) => total === users.length,
  );
  const deletes = users.map((user, i) => {
    const value = values[i] === 'itself' ? user : values[i];
    return [user, { $delete: value }] as const;
  });
  expect(await engage(...deletes)).toBe('1');
  await until(
    () => profilesOf(users),
    ({ total }) => total === 0,
  );
  expect(await countEvents(stack.apiUrl, project, old)).toEqual({ total: 4, users: 4 });
});

test('ingestion-api 15.13, 15.15: an update that fails changes nothing of the profile', async () => {
  const full = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`p${i}`, i]));
  expect(
    await engage(
      ['text', { $set: { plan: 'pro' } }],
      ['text', { $add: { plan: 1 } }],
      ['full', { $set: full }],
      ['full', { $set: { p0: 'changed', extra: 1 } }],
      ['text', { $set: { last: true } }],
    ),
  ).toBe('1');
  const { results } = await until(
    () => profilesOf(['full', 'text']),
    ({ results: [, text] }) => text?.$properties['last'] === true,
  );
  expect(results.map(({ $properties }) => $properties)).toEqual([
    full,
    { plan: 'pro', last: true },
  ]);
});
