import { afterEach, expect, test, vi } from 'vitest';
import { cookieName, cookieStore } from './cookie.ts';
import { readIdentity } from './server.ts';
import { fakePage, memoryStore } from './testing/fake-page.ts';

afterEach(() => vi.unstubAllGlobals());
const token = '0123456789abcdef';
const ada = { deviceId: 'device-1', userId: 'ada@x.org', properties: { theme: 'dark' } };

test('keeps ids in the cookie alone, within 300 bytes, and super properties in storage', () => {
  const { cookies } = fakePage('https://shop.example/');
  const texts = new Map<string, string>();
  const store = cookieStore()(memoryStore(texts), token);
  store.write('id', JSON.stringify(ada));
  expect(JSON.parse(texts.get('id') ?? '')).toEqual({ properties: { theme: 'dark' } });
  const cookie = `${cookieName(token)}=${cookies.get(cookieName(token))}`;
  expect(cookie).toMatch(/^arb_\w{6}=device-1~ada%40x\.org$/);
  expect(JSON.parse(store.read('id') ?? '')).toEqual(ada);
  expect(readIdentity(token, `a=b; ${cookie}`)).toEqual({
    distinctId: 'ada@x.org',
    deviceId: 'device-1',
    userId: 'ada@x.org',
  });
});

test('moves an id over that was in storage', () => {
  const { cookies } = fakePage('https://shop.example/');
  const texts = new Map([['id', JSON.stringify(ada)]]);
  const store = cookieStore()(memoryStore(texts), token);
  expect(JSON.parse(store.read('id') ?? '')).toEqual(ada);
  expect(cookies.size).toBe(1);
  expect(texts.get('id')).not.toContain('device-1');
});

test('makes a new device when the cookie is deleted', () => {
  const { cookies } = fakePage('https://shop.example/');
  const store = cookieStore()(memoryStore(), token);
  store.write('id', JSON.stringify(ada));
  cookies.clear();
  expect(store.read('id')).not.toContain('device-1');
});

test.each([
  ['a domain that the browser refuses', { domain: true }, { domain: 'example' }, 1],
  ['a browser without cookies', { cookies: true }, {}, 0],
])('does not lose the id to %s', (_, refused, options, cookieCount) => {
  const { cookies } = fakePage('https://shop.example/', refused);
  const store = cookieStore(options)(memoryStore(), token);
  store.write('id', JSON.stringify(ada));
  expect(cookies.size).toBe(cookieCount);
  expect(JSON.parse(store.read('id') ?? '')).toEqual(ada);
});

test('keeps an id in storage that would make the cookie too long', () => {
  const { cookies } = fakePage('https://shop.example/');
  const long = { ...ada, userId: '@'.repeat(200) };
  const store = cookieStore()(memoryStore(), token);
  store.write('id', JSON.stringify(ada));
  store.write('id', JSON.stringify(long));
  expect(cookies.size).toBe(0);
  expect(JSON.parse(store.read('id') ?? '')).toEqual(long);
});

test.each(['%E0%A4%A', 'nonsense', '~ada', ''])('ignores the cookie %j', (text) => {
  const { cookies } = fakePage('https://shop.example/');
  cookies.set(cookieName(token), text);
  expect(cookieStore()(memoryStore(), token).read('id')).toBeNull();
  expect(readIdentity(token, `${cookieName(token)}=${text}`)).toBeUndefined();
});

test('deletes the cookie with the id', () => {
  const { cookies } = fakePage('https://shop.example/');
  const store = cookieStore()(memoryStore(), token);
  store.write('id', JSON.stringify(ada));
  store.erase('id');
  expect(cookies.size).toBe(0);
});
