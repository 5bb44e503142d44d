import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../errors.ts';
import { frequencyKey, pageOf, type PageQuery } from './page-of.ts';

const itself = (text: string): string => text;

test('gives pages in the order of keys, and no cursor with the last', () => {
  const first = pageOf(['b', 'c', 'a'], itself, { limit: 2 });
  expect(first.page).toEqual(['a', 'b']);
  const second = pageOf(['b', 'c', 'a'], itself, { limit: 2, cursor: first.next ?? '' });
  expect(second).toEqual({ page: ['c'], next: null });
  expect(pageOf(['a', 'b'], itself, { limit: 2 }).next).toBeNull();
  expect(pageOf([], itself, { limit: 2 })).toEqual({ page: [], next: null });
});

test('goes on behind an item that is gone', () => {
  const { next } = pageOf(['a', 'b', 'c'], itself, { limit: 2 });
  expect(pageOf(['a', 'c', 'd'], itself, { limit: 2, cursor: next ?? '' }).page).toEqual([
    'c',
    'd',
  ]);
});

test('orders by counts that fall, then by name', () => {
  const items = [
    { name: 'b', count: 2 },
    { name: 'a', count: 2 },
    { name: 'c', count: 10 },
  ];
  const { page } = pageOf(items, ({ name, count }) => frequencyKey(count, name), { limit: 3 });
  expect(page.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});

test('refuses what is no cursor', () => {
  for (const cursor of ['', '!', 'YWJj']) {
    expect(() => pageOf(['a'], itself, { limit: 1, cursor })).toThrow(ApiError);
  }
});

test('pages of any size are together the whole list, once each', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: 'grapheme' })),
      fc.integer({ min: 1, max: 5 }),
      (items, limit) => {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const asked: PageQuery = { limit, ...(cursor !== null && { cursor }) };
          const { page, next }: { page: string[]; next: string | null } = pageOf(
            items,
            itself,
            asked,
          );
          seen.push(...page);
          cursor = next;
        } while (cursor !== null);
        expect(seen).toEqual(items.toSorted((one, other) => (one < other ? -1 : 1)));
      },
    ),
  );
});
