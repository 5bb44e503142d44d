import { Agent, get } from 'node:http';
import Mixpanel from 'mixpanel';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { base64, createTestEdge, now, shop, type TestEdge } from './testing/test-edge.ts';

/** Clients as they are, over a real socket (`ingestion-api.md` 13). */
let edge: TestEdge;
let url: string;
let port: number;

beforeAll(async () => {
  edge = createTestEdge({ options: { pathPrefixes: ['/collect'] } });
  url = await edge.app.listen({ port: 0, host: '127.0.0.1' });
  port = Number(new URL(url).port);
});
beforeEach(() => {
  edge.batches.length = 0;
});
afterAll(() => edge.app.close());

/** `port` and `key` are options of the client that its types do not know. */
type ClientConfig = Partial<Mixpanel.InitConfig> & { readonly key?: string };

function nodeClient(config: ClientConfig = {}): Mixpanel.Mixpanel {
  const server = { host: '127.0.0.1', port, protocol: 'http' };
  return Mixpanel.init(shop.token, { ...server, ...config });
}

/** The client's callbacks as a promise; it calls back with what it takes for an error. */
const sent = (send: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    send((error) => (error ? reject(error) : resolve()));
  });

test.each([
  ['plain', {}],
  ['verbose', { verbose: true }],
  ['behind a path', { path: '/collect' }],
])('13.2: the official Node client, %s', async (_, config: ClientConfig) => {
  const client = nodeClient(config);
  const time = new Date(now - 1000);
  await sent((done) => client.track('Visit', { distinct_id: 'ada', time, q: '>>>~~~ ü' }, done));
  await sent((done) => client.alias('ada', 'ada@example.com', done));
  await sent((done) =>
    client.track_batch(
      [
        { event: 'Visit', properties: { distinct_id: 'bob', q: '>>>~~~' } },
        { event: 'Buy', properties: { distinct_id: 'bob', price: 3 } },
      ],
      (errors) => done(errors?.[0]),
    ),
  );
  await sent((done) => client.people.set('ada', { plan: 'pro' }, { $ip: '203.0.113.9' }, done));
  await sent((done) => client.people.increment('ada', 'logins', 2, done));
  await sent((done) => client.people.union('ada', { tags: ['a', 'b'] }, done));
  await sent((done) => client.people.track_charge('ada', 12.5, {}, done));
  await sent((done) => client.people.unset('ada', ['plan'], done));
  await sent((done) => client.people.delete_user('ada', done));

  expect(edge.records()).toMatchObject([
    { event: 'Visit', distinctId: 'ada', time: now - 1000, properties: { q: '>>>~~~ ü' } },
    { event: '$create_alias', distinctId: 'ada', properties: { alias: 'ada@example.com' } },
    { event: 'Visit', distinctId: 'bob', properties: { q: '>>>~~~' } },
    { event: 'Buy', distinctId: 'bob', properties: { price: 3 } },
    { operations: [{ operator: '$set', values: { plan: 'pro' } }], ip: '203.0.113.9' },
    { operations: [{ operator: '$add', values: { logins: 2 } }] },
    { operations: [{ operator: '$union', values: { tags: ['a', 'b'] } }] },
    { operations: [{ operator: '$append', values: { $transactions: { $amount: 12.5 } } }] },
    { operations: [{ operator: '$unset', names: ['plan'] }] },
    { operations: [{ operator: '$delete' }] },
  ]);
});

test('13.2: the Node client imports with its key, one event and many', async () => {
  const client = nodeClient({ key: shop.secret });
  const old = new Date(Date.UTC(2019, 0, 1));
  await sent((done) => client.import('Visit', old, { distinct_id: 'ada' }, done));
  await sent((done) =>
    client.import_batch(
      [
        { event: 'Visit', properties: { time: old, distinct_id: 'bob' } },
        { event: 'Visit', properties: { time: old, distinct_id: 'cyd' } },
      ],
      (errors) => done(errors?.[0]),
    ),
  );
  expect(edge.batches.map(({ queue }) => queue)).toEqual(['live', 'live']);
  expect(edge.records()).toMatchObject([
    { distinctId: 'ada', time: old.getTime() },
    { distinctId: 'bob', time: old.getTime() },
    { distinctId: 'cyd', time: old.getTime() },
  ]);
});

/** A request as mixpanel-browser 2.83.0 makes it for a host that is not its own. */
function browserRequest(path: string, records: object[]): Promise<Response> {
  return fetch(`${url}/${path}/?verbose=1&ip=1&_=${now}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://shop.example',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
    },
    body: `data=${encodeURIComponent(base64(records))}`,
  });
}

test('13.1: batches of mixpanel-browser', async () => {
  const deviceId = '9d5a0b3a-6f1c-4a57-8f5e-0a6f6f3f2b11';
  const properties = {
    $os: 'Linux',
    $device_id: deviceId,
    distinct_id: `$device:${deviceId}`,
    time: now / 1000 - 0.877,
    $insert_id: 'k3v9qh0x7d2m5n8p',
    mp_lib: 'web',
    token: shop.token,
  };
  const identify = {
    event: '$identify',
    properties: { ...properties, distinct_id: 'ada', $anon_distinct_id: `$device:${deviceId}` },
  };
  const tracked = await browserRequest('track', [
    { event: '$mp_web_page_view', properties },
    identify,
  ]);
  expect([tracked.status, await tracked.json()]).toEqual([200, { status: 1, error: null }]);
  expect(tracked.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(tracked.headers.get('access-control-allow-credentials')).toBe('true');

  const updated = await browserRequest('engage', [
    {
      $set: { $os: 'Linux', plan: 'pro' },
      $token: shop.token,
      $distinct_id: 'ada',
      $device_id: deviceId,
      $user_id: 'ada',
      $had_persisted_distinct_id: false,
    },
  ]);
  expect(await updated.json()).toEqual({ status: 1, error: null });

  expect(edge.records()).toMatchObject([
    {
      event: '$mp_web_page_view',
      distinctId: `$device:${deviceId}`,
      time: now - 877,
      insertId: 'k3v9qh0x7d2m5n8p',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      ip: '127.0.0.1',
    },
    { event: '$identify', distinctId: 'ada' },
    { kind: 'person', distinctId: 'ada', operations: [{ operator: '$set' }] },
  ]);
});

test('13.4: mixpanel-python puts everything into the form body', async () => {
  const body = new URLSearchParams({
    data: JSON.stringify({ event: 'Visit', properties: { token: shop.token, distinct_id: 'ada' } }),
    verbose: '1',
    ip: '0',
  });
  const response = await fetch(`${url}/track`, { method: 'POST', body });
  expect(await response.json()).toEqual({ status: 1, error: null });
  expect(edge.records()).toMatchObject([{ distinctId: 'ada' }]);
});

test('14: one connection carries many requests', async () => {
  const connections = new Set<unknown>();
  edge.app.server.on('request', ({ socket }: { socket: unknown }) => connections.add(socket));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const data = base64({ event: 'Visit', properties: { token: shop.token } });
  const answers: string[] = [];
  for (let i = 0; i < 5; i++) {
    answers.push(
      await new Promise<string>((resolve, reject) => {
        get(`${url}/track?data=${encodeURIComponent(data)}`, { agent }, (response) => {
          response.setEncoding('utf8').on('data', resolve);
        }).on('error', reject);
      }),
    );
  }
  agent.destroy();
  expect(answers).toEqual(['1', '1', '1', '1', '1']);
  expect(connections.size).toBe(1);
});
