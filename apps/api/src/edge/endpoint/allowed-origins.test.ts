import { expect, test } from 'vitest';
import { isOriginAllowed } from './allowed-origins.ts';

const list = ['https://shop.example', 'https://*.blog.example', 'http://localhost:3000'];

test.each([
  'https://shop.example',
  'HTTPS://Shop.Example',
  'https://de.blog.example',
  'https://a.b.blog.example',
  'http://localhost:3000',
  '',
])('takes from %s', (origin) => {
  expect(isOriginAllowed(origin, list)).toBe(true);
});

test.each([
  'http://shop.example',
  'https://shop.example:8443',
  'https://shop.example.evil.example',
  'https://blog.example',
  'https://evilblog.example',
  'https://.blog.example',
  'http://de.blog.example',
  'http://localhost:3001',
  'null',
])('takes nothing from %s', (origin) => {
  expect(isOriginAllowed(origin, list)).toBe(false);
});

test('without a list takes from everywhere', () => {
  expect(isOriginAllowed('https://anywhere.example', [])).toBe(true);
});
