import { expect, it } from 'vitest';
import { isMappable, kindOfForm } from './identifier.ts';

it('takes device ids and UUIDs of version 4 for anonymous', () => {
  expect(kindOfForm('$device:anything')).toBe('anonymous');
  expect(kindOfForm('18F0C3A2-5b1e-4c6d-9f3a-2b7c8d9e0f11')).toBe('anonymous');
  expect(kindOfForm('18f0c3a2-5b1e-1c6d-9f3a-2b7c8d9e0f11')).toBe('identified');
  expect(kindOfForm('ann@example.org')).toBe('identified');
});

it('refuses what PostgreSQL could not hold or would change', () => {
  expect(isMappable('𝒳')).toBe(true);
  expect(isMappable('x'.repeat(512))).toBe(true);
  for (const bad of ['', 'x'.repeat(513), 'a\u0000b', '\ud83d', '\udc00x']) {
    expect([bad, isMappable(bad)]).toEqual([bad, false]);
  }
});
