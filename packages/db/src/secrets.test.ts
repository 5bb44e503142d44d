import { expect, test } from 'vitest';
import { hashSecret, newSecret, newToken, secretMatches } from './secrets.ts';

test('makes tokens and secrets of the documented form, never the same twice', () => {
  expect(newToken()).toMatch(/^[0-9a-f]{32}$/);
  expect(newSecret()).toMatch(/^[0-9a-f]{64}$/);
  expect(newToken()).not.toBe(newToken());
});

test('accepts the secret a hash was made from and no other', () => {
  const hash = hashSecret('opensesame');
  expect(secretMatches('opensesame', hash)).toBe(true);
  expect(secretMatches('opensesamE', hash)).toBe(false);
  expect(secretMatches('', hash)).toBe(false);
});

test('refuses everything when what is stored is not a hash', () => {
  expect(secretMatches('opensesame', '')).toBe(false);
  expect(secretMatches('opensesame', 'opensesame')).toBe(false);
});
