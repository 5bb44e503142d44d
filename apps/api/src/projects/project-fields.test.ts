import { expect, it } from 'vitest';
import { originSchema } from './project-fields.ts';

it.each([
  ['https://Shop.example', 'https://shop.example'],
  ['https://*.shop.example:443', 'https://*.shop.example'],
  ['http://shop.example:80', 'http://shop.example'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['https://shop.example:80', 'https://shop.example:80'],
])('keeps the origin %s as browsers send it', (given, kept) => {
  expect(originSchema.parse(given)).toBe(kept);
});

it('refuses what is no origin', () => {
  for (const given of ['shop.example', 'https://shop.example/', 'ftp://shop.example']) {
    expect(originSchema.safeParse(given).success).toBe(false);
  }
});
