import { expect, test } from 'vitest';
import { attachLists, detachLists, listName, listNames } from './plan-lists.ts';
import type { Plan } from './plan-types.ts';

const ids = Array.from({ length: 1000 }, (_, n) => `user-${n}`);
const values = ids.map((_, n) => n);
const users = { type: 'users', ids };
const lookup = { type: 'lookup', keys: ids, values };
const short = { type: 'users', ids: ['ada'] };

/** Only the parts with lists are looked at: the rest may be anything. */
const planOf = (...cohorts: object[]): Plan =>
  ({
    type: 'insights',
    cohorts,
    buckets: [1, 2],
    metrics: [{ property: { name: 'sku', computed: lookup } }],
  }) as unknown as Plan;

const read =
  (lists: ReadonlyMap<string, { readonly bytes: Uint8Array }>) =>
  (name: string): object =>
    JSON.parse(Buffer.from(lists.get(name)?.bytes ?? []).toString()) as object;

test('takes long lists out of a plan and puts them in again', () => {
  const plan = planOf(users, short);
  const { plan: detached, lists } = detachLists(plan);
  expect(lists.size).toBe(2);
  const [idList = '', table = ''] = [...lists.keys()].sort(
    (a, b) => (lists.get(a)?.bytes.length ?? 0) - (lists.get(b)?.bytes.length ?? 0),
  );
  expect(detached).toEqual({
    ...plan,
    cohorts: [{ type: 'users', ids: [], list: idList }, short],
    metrics: [
      {
        property: { name: 'sku', computed: { type: 'lookup', keys: [], values: [], list: table } },
      },
    ],
  });
  expect([...listNames(detached)].sort()).toEqual([...lists.keys()].sort());
  expect(attachLists(detached as Plan, read(lists))).toEqual(plan);
});

test('names a list by its content, whoever holds it', () => {
  const first = detachLists(planOf(users));
  const second = detachLists(planOf({ type: 'users', ids: [...ids] }, users));
  expect([...second.lists.keys()]).toEqual([...first.lists.keys()]);
  for (const [name, { bytes }] of first.lists) expect(listName(bytes)).toBe(name);
});

test('leaves a plan without long lists as it is', () => {
  const plan = { type: 'cohort', cohorts: [short], buckets: [] };
  expect(detachLists(plan).plan).toBe(plan);
  expect(listNames(plan)).toEqual(new Set());
  expect(attachLists(plan as unknown as Plan, () => ({}))).toBe(plan);
});
