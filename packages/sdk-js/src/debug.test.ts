import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from './client.ts';
import { createClientOver } from './client.ts';
import type { Inspection } from './debug.ts';
import { debug, mistakesOf } from './debug.ts';
import { tellErrors } from './seldom.ts';
import type { FakeBrowser } from './testing/fake-browser.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';

const options = { host: 'https://stats.example.com', path: '/e' };
let said: unknown[][] = [];
let browser: FakeBrowser;
let client: Client;

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'debug').mockImplementation((...given: unknown[]) => void said.push(given));
  vi.stubGlobal('location', new URL('https://shop.example/'));
  browser = createFakeBrowser(new Map());
  client = createClientOver('TOKEN', options, browser);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('says what happens to a record, and no more when it is taken away', async () => {
  client.use(debug('TOKEN', options));
  client.track('Seen');
  client.track('');
  await client.flush();
  expect(said.map(([what]) => what)).toEqual(['record', 'refused', 'sent']);
  client.destroy();
  expect(said).toHaveLength(3);
});

test('shows who is there and what the project has stored, where storage is denied too', () => {
  client.use(debug('TOKEN', options));
  const { inspect } = client as Client & { inspect: () => Inspection };
  expect(inspect()).toMatchObject({ ids: client.ids, optedOut: false, options, storage: {} });
  expect(said.map(([what]) => what)).toEqual(['inspect']);
});

test('names likely mistakes once', () => {
  client.use(debug('TOKEN', options));
  for (let n = 0; n < 3; n++) client.track('Seen', { plan: 'pro', Plan: 'pro' });
  for (let n = 0; n < 20; n++) client.identify(`user-${n}`);
  const mistakes = said.filter(([what]) => what === 'mistake').map(([, mistake]) => mistake);
  expect(mistakes).toEqual([
    'properties plan and Plan differ only in case',
    'identify is called again and again with other ids',
  ]);
  expect(mistakesOf({ host: 'http://stats.example.com' })).toHaveLength(1);
  expect(mistakesOf(options)).toEqual([]);
});

test('tells five errors of its own a page, and no more', async () => {
  tellErrors(client);
  const broken = createClientOver('TOKEN', { ...options, beforeSend: fail }, browser);
  tellErrors(broken);
  // Each fails, and so does the filter of what tells of it.
  for (let n = 0; n < 20; n++) broken.track('Seen');
  await browser.pass(5000);
  const names = browser.sent.flatMap(({ records }) => records.map((record) => record['event']));
  expect(names.filter((name) => name === '$sdk_error')).toHaveLength(5);
  expect(names.filter((name) => name === 'Seen')).toHaveLength(20);
});

function fail(): never {
  throw new Error('of the page');
}
