import { expect, test } from 'vitest';
import { listName } from '../plan/plan-lists.ts';
import { SharedLists } from './shared-lists.ts';
import { SharedThings } from './shared-things.ts';

const listOf = (text: string) => {
  const bytes = Buffer.from(text);
  return { name: listName(bytes), bytes };
};
const [a, b, c] = ['aaaa', 'bbbb', 'cccc'].map(listOf);

function lists(bytesMax: number, ...some: readonly ReturnType<typeof listOf>[]): SharedLists {
  const shared = new SharedLists(new SharedThings(), bytesMax);
  for (const { name, bytes } of some) shared.add(name, bytes);
  return shared;
}

test('drops the list that was used longest ago', () => {
  const shared = lists(8, a, b);
  shared.lease(new Set([a.name])).end();
  shared.add(c.name, c.bytes);
  expect([a, b, c].map(({ name }) => shared.has(name))).toEqual([true, false, true]);
  expect(shared.bytes).toBe(8);
});

test('keeps what a query needs, however much there is, until it ends', () => {
  const shared = lists(4, a);
  const lease = shared.lease(new Set([a.name]));
  shared.add(b.name, b.bytes);
  shared.add(c.name, c.bytes);
  expect([a, b, c].map(({ name }) => shared.has(name))).toEqual([true, false, true]);
  expect(shared.idOf(a.name)).toBeGreaterThan(0);
  lease.end();
  expect([a, c].map(({ name }) => shared.has(name))).toEqual([false, true]);
});

test('takes a list that is larger than the bound, for the query that brought it', () => {
  const shared = lists(2, a);
  expect(shared.has(a.name)).toBe(true);
});

test('says which lists are missing, and holds none of them', () => {
  const shared = lists(4, a);
  expect(() => shared.lease(new Set([a.name, b.name, c.name]))).toThrow(
    `send these lists first: ${b.name} ${c.name}`,
  );
  shared.add(b.name, b.bytes);
  expect(shared.has(a.name)).toBe(false);
});

test('refuses bytes that are not those of the name', () => {
  expect(() => lists(8).add(a.name, b.bytes)).toThrow(
    `list ${a.name} has the content of list ${b.name}`,
  );
});
