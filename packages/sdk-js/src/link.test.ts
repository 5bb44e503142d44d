import { afterEach, expect, test, vi } from 'vitest';
import { createClientOver } from './client.ts';
import { linkTo } from './link.ts';
import { deviceOfLink, makeParameter, readParameter } from './link-parameter.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';
import { fakePage, memoryStore } from './testing/fake-page.ts';

afterEach(() => vi.unstubAllGlobals());
const device = '0f2487fe-c8a4-443d-a561-8654c6a9eb8a';

test.each([
  [makeParameter(device, 1000), 1000 + 119_000, device],
  [makeParameter(device, 1000), 1000 + 121_000, undefined],
  [makeParameter(device, 500_000), 1000, undefined],
  [`${device}.x`, 1000, undefined],
  [`<script>.1000`, 1000, undefined],
  ['', 1000, undefined],
])('reads %j at %i as %j', (parameter, now, expected) => {
  expect(readParameter(parameter, now)).toBe(expected);
});

test('hands the device over, and keeps the rest of the address', () => {
  fakePage('https://shop.example/cart');
  const client = createClientOver('T', { host: '', path: '' }, createFakeBrowser(new Map()));
  const url = new URL(linkTo(client, 'https://blog.example/a?b=c#d'));
  expect(url.searchParams.get('b')).toBe('c');
  expect(url.hash).toBe('#d');
  const parameter = url.searchParams.get('_arb') ?? '';
  expect(readParameter(parameter, Date.now())).toBe(client.ids?.deviceId);
});

test('makes a new visitor the device that came, and cleans the address bar', () => {
  const { address } = fakePage(
    `https://blog.example/a?b=c&_arb=${makeParameter(device, Date.now())}#d`,
  );
  const store = deviceOfLink()(memoryStore());
  expect(JSON.parse(store.read('id') ?? '')).toEqual({ deviceId: device, properties: {} });
  expect(address()).toBe('https://blog.example/a?b=c#d');
});

test('leaves whoever has a device here already as he is', () => {
  fakePage(`https://blog.example/?_arb=${makeParameter(device, Date.now())}`);
  const mine = '{"deviceId":"mine","properties":{}}';
  expect(deviceOfLink()(memoryStore(new Map([['id', mine]]))).read('id')).toBe(mine);
});
