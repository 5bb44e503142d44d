import { afterEach, expect, test, vi } from 'vitest';
import { createClientOver } from './client.ts';
import { mixpanelStore } from './migrate.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';
import { fakePage, memoryStore } from './testing/fake-page.ts';

afterEach(() => vi.unstubAllGlobals());
const state = {
  distinct_id: 'ben',
  $device_id: 'device-9',
  $user_id: 'ben',
  plan: 'pro',
  __timers: { Read: 1 },
};

test('takes over who the visitor was from storage, with super properties, once', () => {
  const { storage } = fakePage('https://shop.example/');
  storage.set('mp_T_mixpanel', JSON.stringify(state));
  const inner = memoryStore();
  const store = mixpanelStore()(inner, 'T');
  const taken = { deviceId: 'device-9', userId: 'ben', properties: { plan: 'pro' } };
  expect(JSON.parse(store.read('id') ?? '')).toEqual(taken);
  storage.set('mp_T_mixpanel', JSON.stringify({ ...state, $user_id: 'eve' }));
  expect(JSON.parse(store.read('id') ?? '')).toEqual(taken);
});

test('takes it from the cookie too, and knows devices of the old form', () => {
  const { cookies } = fakePage('https://shop.example/');
  const old = JSON.stringify({ distinct_id: '$device:18c3-0a', theme: 'dark' });
  cookies.set('mp_T_mixpanel', encodeURIComponent(old));
  expect(JSON.parse(mixpanelStore()(memoryStore(), 'T').read('id') ?? '')).toEqual({
    deviceId: '18c3-0a',
    properties: { theme: 'dark' },
  });
});

test.each(['', '[]', '7', '{"distinct_id":7}', '{"plan":"pro"', 'null'])(
  'finds nobody in %j',
  (text) => {
    const { storage } = fakePage('https://shop.example/');
    storage.set('mp_T_mixpanel', text);
    expect(mixpanelStore()(memoryStore(), 'T').read('id')).toBeNull();
  },
);

test('changes nobody who is known already', () => {
  const { storage } = fakePage('https://shop.example/');
  storage.set('mp_T_mixpanel', JSON.stringify(state));
  const inner = memoryStore(new Map([['id', '{"deviceId":"mine","properties":{}}']]));
  expect(mixpanelStore()(inner, 'T').read('id')).toContain('mine');
});

test('sends what the other client had not sent', async () => {
  const { storage } = fakePage('https://shop.example/');
  storage.set('mp_T_mixpanel', JSON.stringify(state));
  const payload = { event: 'Old', properties: { token: 'T', $insert_id: 'a', time: 1.5 } };
  storage.set('__mpq_T_ev', JSON.stringify([{ id: '1', flushAfter: 1, payload }, null, 7]));
  const now = Date.now();
  const browser = createFakeBrowser(new Map(), now);
  const options = { host: 'https://stats.example.com', path: '/e', store: mixpanelStore() };
  const client = createClientOver('T', options, browser);
  client.track('New');
  await browser.pass(15_000);
  const records = browser.sent.flatMap((sent) => sent.records);
  expect(records).toContainEqual(payload);
  expect(records.filter(({ event }) => event === 'Old')).toHaveLength(1);
  expect(records).toContainEqual(
    expect.objectContaining({
      event: 'New',
      properties: expect.objectContaining({ distinct_id: 'ben', plan: 'pro' }) as unknown,
    }),
  );
});
