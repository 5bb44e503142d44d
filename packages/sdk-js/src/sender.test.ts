import { expect, test, vi } from 'vitest';
import { createClientOver } from './client.ts';
import type { Repair } from './repair.ts';
import type { FakeBrowser } from './testing/fake-browser.ts';
import { accepted, createFakeBrowser } from './testing/fake-browser.ts';

// No jitter.
vi.spyOn(Math, 'random').mockReturnValue(1);

const disk = new Map<string, string>();
function open(browser: FakeBrowser = createFakeBrowser(new Map())) {
  return {
    browser,
    client: createClientOver('T', { host: 'https://stats.example.com', path: '/e' }, browser),
  };
}
const eventsOf = (browser: FakeBrowser): unknown[] =>
  browser.sent.flatMap(({ records }) => records.map((record) => record['event']));
const status =
  (code: number, text = '', retryAfter: string | null = null) =>
  () => ({
    status: code,
    reply: text,
    headers: new Headers(retryAfter === null ? {} : { 'retry-after': retryAfter }),
  });

test('waits two seconds for company, and not at all for a full batch', async () => {
  const { browser, client } = open();
  for (let i = 0; i < 49; i++) client.track(`e${i}`);
  await browser.pass(1999);
  expect(browser.sent).toHaveLength(0);
  client.track('e49');
  await browser.pass(0);
  expect(browser.sent.map(({ records }) => records.length)).toEqual([50]);
});

test('sends batches of at most fifty, in order', async () => {
  const { browser, client } = open();
  const names = Array.from({ length: 120 }, (_, i) => `e${i}`);
  for (const name of names) client.track(name);
  await browser.pass(5000);
  expect(eventsOf(browser)).toEqual(names);
  expect(browser.sent.every(({ records }) => records.length <= 50)).toBe(true);
});

test.each([
  ['no network', () => Promise.reject(new Error('offline'))],
  ['500', status(500)],
  ['a page that is not ours', status(200, '<html>Log in to the hotel</html>')],
  ['404', status(404)],
])('keeps the same records and backs off on %s', async (_, failure) => {
  const { browser, client } = open();
  browser.answer = failure;
  client.track('Kept');
  await browser.pass(60_000);
  const gaps = browser.sent.slice(1).map(({ at }, i) => at - (browser.sent[i]?.at ?? 0));
  expect(gaps.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000]);
  browser.answer = () => accepted;
  await browser.pass(60_000);
  const copies = new Set(browser.sent.map(({ records }) => JSON.stringify(records)));
  expect(copies.size).toBe(1);
  const count = browser.sent.length;
  await browser.pass(600_000);
  expect(browser.sent).toHaveLength(count);
});

test.each([
  ['Retry-After', status(429, '{"status":0}', '30')],
  ['the body', status(503, '{"retry_after_ms":30000}')],
])('waits as long as %s asks, although more is tracked meanwhile', async (_, answer) => {
  const { browser, client } = open();
  browser.answer = answer;
  client.track('First');
  await browser.pass(2000);
  browser.answer = () => accepted;
  for (let i = 0; i < 60; i++) client.track('More');
  await browser.pass(29_999);
  expect(browser.sent).toHaveLength(1);
  await browser.pass(1);
  expect(eventsOf(browser)).toHaveLength(1 + 61);
});

test('gives up exactly the record the server refuses, and none of its neighbours', async () => {
  const { browser, client } = open();
  browser.answer = ({ records }) =>
    records.some(({ event }) => event === 'bad') ? status(413)() : accepted;
  for (const name of ['a', 'b', 'bad', 'c', 'd']) client.track(name);
  await browser.pass(5000);
  const stored = browser.sent.filter(
    ({ records }) => !records.some(({ event }) => event === 'bad'),
  );
  expect(stored.flatMap(({ records }) => records.map(({ event }) => event))).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
  await browser.pass(60_000);
  expect(browser.sent.at(-1)?.at).toBeLessThan(1_005_000);
});

test('says farewell when the page is hidden, once, and forgets what was answered', async () => {
  const { browser, client } = open();
  client.track('Last words');
  browser.hide();
  browser.hide();
  await browser.pass(60_000);
  expect(browser.sent.map(({ keepalive }) => keepalive)).toEqual([true]);
});

test('splits a farewell into bodies a browser lets go', async () => {
  const { browser, client } = open();
  const records = Array.from({ length: 12 }, () => ({ text: 'ü'.repeat(4000) }));
  for (const record of records) client.track('Big', record);
  browser.hide();
  await browser.pass(0);
  expect(browser.sent.length).toBeGreaterThan(1);
  for (const sent of browser.sent) {
    expect(Buffer.byteLength(JSON.stringify(sent.records))).toBeLessThan(60_000);
  }
  expect(eventsOf(browser)).toHaveLength(12);
});

test('leaves what no answer was seen for to the next page, byte for byte', async () => {
  disk.clear();
  const first = open(createFakeBrowser(disk));
  first.browser.answer = () => new Promise(() => {});
  first.client.track('Unanswered', { n: 1 });
  first.browser.hide();
  await first.browser.pass(0);

  const second = open(createFakeBrowser(disk, 1_004_000));
  await second.browser.pass(40_000);
  expect(second.browser.sent.map(({ records }) => records)).toEqual([
    first.browser.sent[0]?.records,
  ]);
  const third = open(createFakeBrowser(disk, 2_000_000));
  await third.browser.pass(60_000);
  expect(third.browser.sent).toEqual([]);
});

test('takes nothing from a page that is alive', async () => {
  disk.clear();
  const busy = open(createFakeBrowser(disk));
  busy.browser.answer = () => Promise.reject(new Error('offline'));
  busy.client.track('Mine');
  const other = open(createFakeBrowser(disk, 1_000_001));
  for (let second = 0; second < 60; second++) {
    await busy.browser.pass(1000);
    await other.browser.pass(1000);
  }
  expect(other.browser.sent).toEqual([]);
});

test('tries again when the network is back, before the back-off is over', async () => {
  const { browser, client } = open();
  browser.answer = () => Promise.reject(new Error('offline'));
  client.track('Patient');
  await browser.pass(120_000);
  const before = browser.sent.length;
  browser.answer = () => accepted;
  await browser.pass(6000);
  browser.wake();
  await browser.pass(0);
  expect(browser.sent).toHaveLength(before + 1);
});

test('resolves flush when the queue is empty or the attempt is over', async () => {
  const { browser, client } = open();
  client.track('Now');
  await client.flush();
  expect(eventsOf(browser)).toEqual(['Now']);
  browser.answer = () => Promise.reject(new Error('offline'));
  client.track('Later');
  await client.flush();
  expect(browser.sent).toHaveLength(2);
});

test.each([
  ['400', status(400, '{"status":0}')],
  ['a list of refused records', status(200, '{"status":1,"failed":[{"index":0,"code":"name"}]}')],
])(
  'sends what comes behind a chunk that is refused with %s while the part that reads why is blocked',
  async (_, refusal) => {
    disk.clear();
    const { browser, client } = open(createFakeBrowser(disk));
    Object.assign(browser, { loadRepair: () => Promise.reject(new Error('blocked')) });
    const blocked = createClientOver(
      'T',
      { host: 'https://stats.example.com', path: '/e' },
      browser,
    );
    browser.answer = ({ records }) =>
      records.some(({ event }) => event === 'bad') ? refusal() : accepted;
    blocked.track('bad');
    await browser.pass(2000);
    blocked.track('good');
    await browser.pass(2000);
    expect(eventsOf(browser)).toEqual(['bad', 'good']);
    await blocked.flush();
    client.destroy();
    blocked.destroy();

    // The next page has the part: it finds what was set aside.
    const next = open(createFakeBrowser(disk, 1_100_000));
    await next.browser.pass(10_000);
    expect(eventsOf(next.browser)).toContain('bad');
  },
);

test.each([
  [undefined, 31],
  [7, 8],
])('gives up what is older than %s days, 30 by default, and counts it', async (days, after) => {
  disk.clear();
  const first = open(createFakeBrowser(disk, 1_000_000_000_000));
  first.browser.answer = () => Promise.reject(new Error('offline'));
  first.client.track('Old');
  first.client.track('Old');
  await first.browser.pass(1000);

  const browser = createFakeBrowser(disk, 1_000_000_000_000 + after * 86_400_000);
  const options = { host: 'https://stats.example.com', path: '/e' };
  const client = createClientOver('T', days ? { ...options, maxAgeDays: days } : options, browser);
  const dropped: unknown[] = [];
  client.on('dropped', (info) => dropped.push(info));
  await browser.pass(1000);
  expect(dropped).toEqual([{ count: 2, reason: 'age' }]);
  expect([...disk.keys()].filter((key) => key.includes('_q_'))).toEqual([]);
  client.track('New');
  await browser.pass(2000);
  expect(browser.sent[0]?.records[0]).toMatchObject({
    event: 'New',
    properties: { $dropped: 2, $dropped_reason: 'age' },
  });
});

test('stays within its bytes without the part, the oldest records first', async () => {
  const browser = createFakeBrowser(new Map());
  Object.assign(browser, { loadRepair: () => Promise.reject(new Error('blocked')) });
  browser.answer = () => Promise.reject(new Error('offline'));
  const options = {
    host: 'https://stats.example.com',
    path: '/e',
    maxBytes: 60_000,
    batchSize: 10,
  };
  const client = createClientOver('T', options, browser);
  for (let n = 0; n < 100; n++) client.track(`e${n}`, { text: 'x'.repeat(1000) });
  await browser.pass(6000);
  browser.answer = () => accepted;
  browser.sent.length = 0;
  await browser.pass(120_000);
  const names = eventsOf(browser);
  expect(names.at(-1)).toBe('e99');
  expect(names.length).toBeLessThan(60);
  expect(names.length).toBeGreaterThan(20);
});

test.each([
  ['a back-off of its own is over', status(500), 1],
  ['the server said', status(429, '{"status":0,"retry_after_ms":60000}'), 0],
])('leaving tries before %s: with %o, %i times', async (_, failure, attempts) => {
  const { browser, client } = open();
  browser.answer = failure;
  client.track('Patient');
  // After three failures in a row the fourth wait is one of 16 s.
  await browser.pass(17_000);
  const before = browser.sent.length;
  browser.answer = () => accepted;
  browser.hide();
  await browser.pass(1000);
  expect(browser.sent).toHaveLength(before);
  await browser.pass(5000);
  browser.hide();
  await browser.pass(0);
  expect(browser.sent).toHaveLength(before + attempts);
});

test('bodies that fail together while leaving count as no failure more', async () => {
  const { browser, client } = open();
  browser.answer = () => Promise.reject(new Error('offline'));
  for (let n = 0; n < 4; n++)
    client.track('Big', { texts: Array.from({ length: 4 }, () => 'x'.repeat(7900)) });
  browser.hide();
  await browser.pass(0);
  expect(browser.sent.length).toBeGreaterThan(2);
  const before = browser.sent.length;
  // One back-off of the shortest kind.
  await browser.pass(2000);
  expect(browser.sent.length).toBeGreaterThan(before);
});

test('tries a request that hangs again after twenty seconds', async () => {
  const { browser, client } = open();
  browser.answer = () => new Promise(() => {});
  client.track('Patient');
  await browser.pass(2000 + 20_000 + 2000);
  expect(eventsOf(browser)).toEqual(['Patient', 'Patient']);
});

test('keeps who is who, and counts each event that goes, when more waits than may', async () => {
  const browser = createFakeBrowser(new Map());
  browser.answer = () => Promise.reject(new Error('offline'));
  const options = { host: 'https://stats.example.com', path: '/e', maxBytes: 60_000 };
  const client = createClientOver('T', options, browser);
  let dropped = 0;
  client.on('dropped', ({ count }) => (dropped += count as number));
  client.identify('ada');
  for (let n = 0; n < 100; n++) client.track(`e${n}`, { text: 'x'.repeat(1000) });
  await browser.pass(6000);
  browser.answer = () => accepted;
  browser.sent.length = 0;
  await browser.pass(120_000);
  const names = eventsOf(browser);
  expect(names[0]).toBe('$identify');
  expect(names.slice(1)).toEqual(
    Array.from({ length: 100 - dropped }, (_, n) => `e${n + dropped}`),
  );
  expect(dropped).toBeGreaterThan(20);
});

test('takes over each of several chunks that began in the same instant, as halves of one do', async () => {
  const left = new Map<string, string>();
  const probe = open(createFakeBrowser(left));
  probe.client.register({ plan: 'pro' });
  const prefix = [...left.keys()][0]?.replace(/id$/, '') ?? '';
  probe.client.destroy();
  // Taken over once before from another page, and halved.
  for (const half of ['0', '1']) {
    left.set(`${prefix}q_deadbeef_k1_gonepage${half}`, `[{"event":"half ${half}"}]`);
  }
  const { browser } = open(createFakeBrowser(left, 2_000_000));
  await browser.pass(10_000);
  expect(eventsOf(browser)).toEqual(['half 0', 'half 1']);
  expect([...left.keys()].filter((key) => key.includes('_q_'))).toEqual([]);
});

test('a part that hangs holds nothing up for ever, and one that fails does no harm', async () => {
  const failed = (): never => {
    throw new Error('damaged');
  };
  const parts: (() => Promise<Repair>)[] = [
    () => new Promise(() => {}),
    () => Promise.resolve({ settle: failed, tend: failed, compress: failed }),
  ];
  for (const loadRepair of parts) {
    const browser = Object.assign(createFakeBrowser(new Map()), { loadRepair });
    const client = createClientOver(
      'T',
      { host: 'https://stats.example.com', path: '/e' },
      browser,
    );
    const errors: unknown[] = [];
    client.on('error', (info) => errors.push(info));
    let answers = 0;
    browser.answer = () => (++answers === 1 ? status(500)() : accepted);
    client.track('Kept');
    const flushed = client.flush();
    await browser.pass(60_000);
    await expect(flushed).resolves.toEqual({ sent: 0, left: 1 });
    // Larger than what is sent as it is, so that the part is asked for first.
    client.track('Large', { text: 'x'.repeat(3000) });
    await browser.pass(10 * 60_000);
    expect(errors.every((info) => JSON.stringify(info).includes('damaged'))).toBe(true);
    expect(eventsOf(browser)).toContain('Kept');
  }
});
