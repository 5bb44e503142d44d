import Mixpanel from 'mixpanel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { Activity, UserCohorts, UserProfile, UsersResult } from '@arbor/schema/users-result';
import { bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

const project = testProject(52, 'users');
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

const sent = (send: (done: (error?: Error) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    send((error) => (error ? reject(error) : resolve()));
  });

const url = (path: string): string => `${stack.apiUrl}/api/v1/projects/${project.id}/users/${path}`;

async function profile(identifier: string): Promise<UserProfile> {
  const response = await requestAsAdmin(url(identifier));
  expect(response.status).toBe(200);
  return ((await response.json()) as { profile: UserProfile }).profile;
}

async function activity(identifier: string, body: object = {}): Promise<Activity> {
  const response = await requestAsAdmin(url(`${identifier}/activity`), { body });
  expect(response.status).toBe(200);
  return (await response.json()) as Activity;
}

test('a user is found by any identifier, with all that is known of him and all he did', async () => {
  await sent((done) =>
    client.track('Visit', { distinct_id: 'anon-1', time: at(2, 9), page: '/' }, done),
  );
  await sent((done) => client.alias('anon-1', 'ada', done));
  await sent((done) =>
    client.track('Buy', { distinct_id: 'ada', time: at(2, 10), price: 30 }, done),
  );
  const device = { $browser: 'Firefox', $os: 'Linux' };
  await sent((done) =>
    client.track('Visit', { distinct_id: 'ada', time: at(9, 8), page: '/b', ...device }, done),
  );
  await sent((done) => client.track('Visit', { distinct_id: 'bob', time: at(3, 8) }, done));
  await sent((done) => client.people.set('ada', { $name: 'Ada', plan: 'pro' }, {}, done));
  await until(
    () => countEvents(stack.apiUrl, project, range),
    (answer) => answer.total === 4,
  );
  const ada = await until(
    () => profile('ada'),
    ({ properties }) => properties?.['plan'] === 'pro',
  );
  expect(ada).toMatchObject({
    user: 'anon-1',
    displayName: 'Ada',
    firstSeenMs: at(2, 9).getTime(),
    lastSeenMs: at(9, 8).getTime(),
    eventCount: 3,
    sessionCount: 3,
    events: [
      { event: 'Visit', count: 2 },
      { event: 'Buy', count: 1 },
    ],
    devices: [{ browser: 'Firefox', os: 'Linux', device: null, count: 1 }],
    days: [
      { date: '2026-03-02', count: 2 },
      { date: '2026-03-09', count: 1 },
    ],
  });
  const first = await activity('anon-1', { limit: 2 });
  expect(first.events.map(({ event, timeMs }) => [event, timeMs])).toEqual([
    ['Visit', at(9, 8).getTime()],
    ['Buy', at(2, 10).getTime()],
  ]);
  expect(first.events[1]?.properties).toMatchObject({ price: 30 });
  const rest = await activity('anon-1', { limit: 2, cursor: first.next });
  expect(rest.events.map(({ properties }) => properties['page'])).toEqual(['/']);
  expect(rest.next).toBeNull();
  const found = await activity('ada', { search: '/B' });
  expect(found.events.map(({ timeMs }) => timeMs)).toEqual([at(9, 8).getTime()]);
  expect((await activity('ada', { events: ['Buy'] })).events).toHaveLength(1);
  expect((await activity('ada', { withHidden: true })).events.map(({ event }) => event)).toContain(
    '$create_alias',
  );
});

test('an identifier that nobody has is told with some that begin alike', async () => {
  const response = await requestAsAdmin(url('anon-9'));
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('there are \\"anon-1\\"');
});

test('an admin mends a profile, which is written down', async () => {
  const edits = [
    { operator: '$set', values: { plan: 'team', seats: 3 } },
    { operator: '$unset', names: ['$name'] },
  ];
  const response = await requestAsAdmin(url('ada/profile'), { method: 'PATCH', body: { edits } });
  expect(response.status).toBe(202);
  const ada = await until(
    () => profile('ada'),
    ({ properties }) => properties?.['plan'] === 'team',
  );
  expect(ada.properties).toMatchObject({ plan: 'team', seats: 3 });
  expect(ada.properties).not.toHaveProperty('$name');
  expect(ada.displayName).toBe('anon-1');
});

const listed = async (body: object): Promise<UsersResult> => {
  const response = await requestAsAdmin(url('list'), { body });
  expect(response.status).toBe(200);
  return (await response.json()) as UsersResult;
};

const columns = [{ type: 'property', name: 'plan' }, { type: 'event_count' }];

test('users are listed, filtered by what they did, sorted and found by any identifier', async () => {
  const all = await listed({ columns });
  expect(all).toMatchObject({
    total: 2,
    users: [
      { user: 'anon-1', displayName: 'anon-1', values: ['team', 3] },
      { user: 'bob', displayName: 'bob', values: [null, 1] },
    ],
  });
  const byId = { sort: { by: { type: 'user' }, order: 'descending' }, limit: 1 };
  const first = await listed(byId);
  expect(first.users.map(({ user }) => user)).toEqual(['bob']);
  const second = await listed({ ...byId, cursor: first.next });
  expect(second.users.map(({ user }) => user)).toEqual(['anon-1']);
  expect(second.next).toBeNull();
  const did = { type: 'behavior', selector: { anyOf: [{ event: 'Buy' }] }, span: { type: 'ever' } };
  expect((await listed({ filters: [did] })).users.map(({ user }) => user)).toEqual(['anon-1']);
  // By an identifier that is not the canonical one.
  expect((await listed({ search: 'ADA' })).users.map(({ user }) => user)).toEqual(['anon-1']);
  expect((await listed({ search: 'nobody' })).total).toBe(0);
  expect((await listed({ who: 'profiles' })).total).toBe(1);
});

test('a user is told with the saved cohorts that he is in', async () => {
  const make = async (name: string, filters: object[]): Promise<void> => {
    const made = await requestAsAdmin(`${stack.apiUrl}/api/v1/projects/${project.id}/cohorts`, {
      body: { name, definition: { type: 'live', filters } },
    });
    expect(made.status).toBe(201);
  };
  const did = (event: string) => ({
    type: 'behavior',
    selector: { anyOf: [{ event }] },
    span: { type: 'range', ...range },
  });
  await make('Visitors', [did('Visit')]);
  await make('Buyers', [did('Buy')]);
  const cohortsOf = async (identifier: string): Promise<unknown> => {
    const response = await requestAsAdmin(url(`${identifier}/cohorts`));
    expect(response.status).toBe(200);
    const { cohorts, more } = (await response.json()) as UserCohorts;
    return [...cohorts.map(({ name }) => name), more];
  };
  expect(await cohortsOf('ada')).toEqual(['Buyers', 'Visitors', false]);
  expect(await cohortsOf('bob')).toEqual(['Visitors', false]);
});

test('people of a file are taken in, and a file of all users comes back', async () => {
  const csv = 'ada,free,Ada Lovelace\n,basic,Cyd\ndora,pro,Dora\n';
  const names = encodeURIComponent('$distinct_id,plan,$name');
  const response = await requestAsAdmin(`${url('import')}?columns=${names}`, { csv });
  expect(await response.json()).toEqual({ imported: { rows: 3, refused: 0, problems: [] } });
  const all = await until(
    () => listed({ columns }),
    ({ total }) => total === 4,
  );
  const plans = all.users.map(({ displayName, values }) => [displayName, values[0]]);
  expect(new Map(plans as [string, unknown][])).toEqual(
    new Map([
      ['Ada Lovelace', 'free'],
      ['bob', null],
      ['Cyd', 'basic'],
      ['Dora', 'pro'],
    ]),
  );
  const file = await requestAsAdmin(url('export'), { body: { columns, search: 'd' } });
  expect(file.headers.get('content-type')).toContain('text/csv');
  const lines = (await file.text()).trim().split('\r\n');
  expect(lines[0]).toBe('$distinct_id,plan,event_count');
  expect(lines).toContain('anon-1,free,3');
  expect(lines).toContain('dora,pro,0');
});
