import { expect, test } from 'vitest';
import { createClientOver } from './client.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';

/** Records as the tests look into them. */
type Loose = Record<string, never> & { properties: Record<string, string>; event: string };

const open = (browser = createFakeBrowser(new Map())) => ({
  browser,
  client: createClientOver('TOKEN', { host: 'https://stats.example.com/', path: '/e' }, browser),
});

test('sends an event with its identifiers, its time and the page', async () => {
  const { browser, client } = open();
  client.track('Signed up', { plan: 'pro', distinct_id: 'forged', token: 'forged' });
  await browser.pass(2000);
  expect(browser.sent).toHaveLength(1);
  expect(browser.sent[0]?.url).toBe('https://stats.example.com/e');
  const [record] = browser.sent[0]?.records ?? [];
  expect(record).toMatchObject({
    event: 'Signed up',
    properties: {
      token: 'TOKEN',
      time: 1_000_000,
      plan: 'pro',
      $current_url: 'https://shop.example.com/?plan=pro',
      $screen_width: 1440,
      mp_lib: 'arbor-web',
      $lib_version: '1.1.1',
    },
  });
  const { properties } = record as Loose;
  expect(properties['distinct_id']).toBe(`$device:${properties['$device_id']}`);
  expect(properties).not.toHaveProperty('$user_id');
  expect(properties['$insert_id']).toMatch(/^[a-z0-9]{22}$/);
});

test('gives nothing back: what an effect of React gives back is called', () => {
  const { client } = open();
  expect([
    client.track('Seen') as unknown,
    client.identify('user-7'),
    client.people.set({ plan: 'pro' }),
    client.reset(),
    client.consent('granted'),
  ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test('loses no other record that waited for consent when one cannot be written', async () => {
  const browser = createFakeBrowser(new Map());
  const errors: unknown[] = [];
  const client = createClientOver(
    'TOKEN',
    {
      host: 'https://stats.example.com/',
      path: '/e',
      consent: 'pending',
      // JSON has no such number.
      beforeSend: (record) => (record['event'] === 'Bad' ? { ...record, size: 1n } : record),
    },
    browser,
  );
  client.on('error', (error) => errors.push(error));
  ['Before', 'Bad', 'After'].forEach((event) => client.track(event));
  client.consent('granted');
  await browser.pass(2000);
  const records = browser.sent.flatMap((sent) => sent.records) as Loose[];
  expect(records.map(({ event }) => event)).toEqual(['Before', 'After']);
  expect(errors).toHaveLength(1);
});

test('joins the device to the user, and carries both ids from then on', async () => {
  const { browser, client } = open();
  client.identify('user-7');
  client.identify('user-7');
  client.track('Bought');
  client.people.set({ plan: 'pro' });
  await browser.pass(2000);
  const records = browser.sent.flatMap((sent) => sent.records) as Loose[];
  expect(records).toHaveLength(3);
  const device = records[0]?.properties['$device_id'];
  expect(records[0]).toMatchObject({
    event: '$identify',
    properties: { $identified_id: 'user-7', $anon_id: `$device:${String(device)}` },
  });
  expect(records[1]).toMatchObject({
    event: 'Bought',
    properties: { distinct_id: 'user-7', $user_id: 'user-7', $device_id: device },
  });
  expect(records[2]).toMatchObject({
    $token: 'TOKEN',
    $distinct_id: 'user-7',
    $set: { plan: 'pro' },
    $insert_id: expect.stringMatching(/^[a-z0-9]{22}$/),
  });
});

test('never joins one device to two users', async () => {
  const { browser, client } = open();
  client.identify('anna');
  client.identify('ben');
  await browser.pass(2000);
  const [anna, ben] = (browser.sent[0]?.records ?? []) as Loose[];
  expect(anna?.properties['$device_id']).not.toBe(ben?.properties['$device_id']);
});

test.each(['', 'undefined', 'null', 'NaN', '0', '[object Object]', 'Anonymous', '0000-0000'])(
  'refuses %j as a user',
  async (id) => {
    const { browser, client } = open();
    client.identify(id);
    await browser.pass(2000);
    expect(browser.sent).toEqual([]);
  },
);

test('is the same device and user after a reload, and another one after a reset', async () => {
  const disk = new Map<string, string>();
  const first = open(createFakeBrowser(disk));
  first.client.identify('anna');
  first.client.register({ theme: 'dark' });
  await first.browser.pass(3000);

  const second = open(createFakeBrowser(disk, 2_000_000));
  second.client.track('Back');
  second.client.reset();
  second.client.track('Gone');
  await second.browser.pass(3000);
  const [back, gone] = (second.browser.sent[0]?.records ?? []) as Loose[];
  expect(back?.properties).toMatchObject({ distinct_id: 'anna', theme: 'dark' });
  expect(gone?.properties).not.toHaveProperty('theme');
  expect(gone?.properties['distinct_id']).toMatch(/^\$device:/);
});

test('works in memory where storage is denied, damaged or full', async () => {
  const denied = open(createFakeBrowser());
  denied.client.track('Seen');
  await denied.browser.pass(2000);
  expect(denied.browser.sent).toHaveLength(1);

  const disk = new Map<string, string>();
  await open(createFakeBrowser(disk)).browser.pass(0);
  for (const key of disk.keys()) disk.set(key, '{"deviceId":7');
  const full = createFakeBrowser(disk, 3_000_000);
  Object.assign(full.openStorage() ?? {}, {
    setItem() {
      throw new Error('quota exceeded');
    },
  });
  const { client, browser } = open(full);
  client.track('Seen');
  await browser.pass(2000);
  expect(browser.sent).toHaveLength(1);
});

test('takes anything a page may pass, and throws nothing', async () => {
  const { browser, client } = open();
  const cyclic: Record<string, unknown> = {
    date: new Date(0),
    big: 10n,
    nan: NaN,
    list: [1, null],
  };
  cyclic['self'] = cyclic;
  Object.defineProperty(cyclic, 'angry', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  client.track('Odd', cyclic);
  client.track(undefined as unknown as string);
  client.track('Bare', null as unknown as undefined);
  client.people.add({ visits: 1 });
  await browser.pass(2000);
  const [odd, bare, person] = (browser.sent[0]?.records ?? []) as Loose[];
  expect(odd?.properties).toMatchObject({
    date: '1970-01-01T00:00:00.000Z',
    big: '10',
    list: [1, null],
  });
  expect(odd?.properties['nan']).toBeNull();
  expect(odd?.properties).not.toHaveProperty('angry');
  expect(bare?.event).toBe('Bare');
  expect(person?.['$add']).toEqual({ visits: 1 });
});

test('copies at the call: what the page changes later has no effect', async () => {
  const { browser, client } = open();
  const properties = { items: ['a'] };
  client.track('Added', properties);
  properties.items.push('b');
  await browser.pass(2000);
  expect(browser.sent[0]?.records[0]).toMatchObject({ properties: { items: ['a'] } });
});

test('drops properties of a session half an hour after its last use, for good', async () => {
  const disk = new Map<string, string>();
  const first = open(createFakeBrowser(disk));
  first.client.register({ utm_source: 'news' }, { session: true });
  first.client.track('In');
  await first.browser.pass(2000);
  expect(first.browser.sent[0]?.records[0]).toMatchObject({ properties: { utm_source: 'news' } });

  const later = open(createFakeBrowser(disk, 1_000_000 + 1_900_000));
  later.client.register({ gclid: '7' }, { session: true });
  later.client.track('Out');
  await later.browser.pass(2000);
  const [out] = (later.browser.sent[0]?.records ?? []) as Loose[];
  expect(out?.properties).toMatchObject({ gclid: '7' });
  expect(out?.properties).not.toHaveProperty('utm_source');
});

test('tells how long a timed event took, by the moment of the calls', async () => {
  const { browser, client } = open();
  client.timeEvent('Read');
  await browser.pass(1500);
  client.track('Read');
  client.track('Read');
  await browser.pass(2000);
  const [timed, again] = (browser.sent[0]?.records ?? []) as Loose[];
  expect(timed?.properties['$duration']).toBe(1.5);
  expect(again?.properties).not.toHaveProperty('$duration');
});

test('keeps what is captured before anybody looks at the page to itself until somebody does', async () => {
  const disk = new Map<string, string>();
  const browser = createFakeBrowser(disk);
  let isUnseen = true;
  Object.assign(browser, { isUnseen: () => isUnseen });
  const { client } = open(browser);
  client.track('Early');
  client.identify('anna');
  await browser.pass(60_000);
  expect(browser.sent).toEqual([]);
  expect([...disk.keys()]).toEqual([]);
  isUnseen = false;
  browser.wake();
  await browser.pass(2000);
  expect(browser.sent[0]?.records).toMatchObject([
    { event: 'Early', properties: { time: 1_000_000 } },
    { event: '$identify' },
  ]);
});

test('knows the clock of the server from the page before, while the session lasts', async () => {
  const disk = new Map<string, string>();
  const hour = 3_600_000;
  const answerOf = (browser: ReturnType<typeof createFakeBrowser>) => () => ({
    status: 200,
    reply: JSON.stringify({ status: 1, now: browser.now() + 2 * hour }),
    headers: new Headers(),
  });
  const first = open(createFakeBrowser(disk));
  first.browser.answer = answerOf(first.browser);
  first.client.track('Seen');
  await first.browser.pass(3000);
  expect(first.browser.sent[0]?.records[0]).toMatchObject({ properties: { time: 1_000_000 } });

  const next = open(createFakeBrowser(disk, 1_100_000));
  next.client.track('Seen');
  await next.browser.pass(2000);
  expect(next.browser.sent[0]?.records[0]).toMatchObject({
    properties: { time: 1_100_000 + 2 * hour, $clock_offset: 2 * hour },
  });

  const later = open(createFakeBrowser(disk, 1_100_000 + hour));
  later.client.track('Seen');
  await later.browser.pass(2000);
  const [record] = (later.browser.sent[0]?.records ?? []) as Loose[];
  expect(record?.properties['time']).toBe(1_100_000 + hour);
  expect(record?.properties).not.toHaveProperty('$clock_offset');
});

test('an answer that comes after the refusal makes no id again', async () => {
  const disk = new Map<string, string>();
  const browser = createFakeBrowser(disk);
  let answered = (): void => {};
  browser.answer = () =>
    new Promise((resolve) => {
      answered = () =>
        resolve({ status: 200, reply: '{"status":1,"now":9000000}', headers: new Headers() });
    });
  const { client } = open(browser);
  client.track('Seen');
  await browser.pass(2000);
  client.optOut();
  const kept = [...disk.keys()];
  answered();
  await browser.pass(1000);
  expect([...disk.keys()]).toEqual(kept);
  expect(kept.filter((key) => key.endsWith('_id'))).toEqual([]);
});

test('takes the time and the id that the page gives', async () => {
  const { browser, client } = open();
  client.track('Then', {}, { time: new Date(5000), insertId: 'mine' });
  await browser.pass(2000);
  expect(browser.sent[0]?.records[0]).toMatchObject({
    properties: { time: 5000, $insert_id: 'mine' },
  });
});

test('asks the page for nothing in the turn in which it is made (SDK-B3)', async () => {
  const browser = createFakeBrowser(new Map());
  const asked: string[] = [];
  const seen = new Proxy(browser, {
    get(target, name, receiver) {
      if (name !== 'stop') asked.push(String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  createClientOver('TOKEN', { host: 'https://stats.example.com', path: '/e' }, seen);
  expect(asked).toEqual(['after']);
  await browser.pass(0);
  expect(asked).toContain('watch');
});
