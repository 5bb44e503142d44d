import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { columnNames, noItem } from './day-columns.ts';
import { DayGenerator } from './day-generator.ts';
import { distinctIdOf, lifetimeValue, userCountOf } from './users.ts';
import { dayMs, events } from './vocabulary.ts';

const generator = new DayGenerator(100_000, 42);

// Published figures speak of this very data: another generator would need another seed's name.
it.each([
  [0, 1064, '4de2cdc1ed63214743d106debac831c8107df4c54035537386410cb2c633036c'],
  [45, 839, '19dfe1528acc00212199a40e8c29cf716e17cee0a7985bd4f5cde1b7c6960170'],
])('makes the same day %i for ever', (number, rowCount, digest) => {
  const day = generator.day(number);
  const hash = createHash('sha256');
  for (const name of columnNames) hash.update(new Uint8Array(day[name].buffer));
  expect(day.rowCount).toBe(rowCount);
  expect(hash.digest('hex')).toBe(digest);
});

it('makes the same people for ever', () => {
  expect([0, 1, 2499].map((user) => distinctIdOf(user, 42))).toEqual([
    '484dd468-e0a3-4771-a492-0bc1fc612e2f',
    'u-1112648',
    'u-20894310',
  ]);
  expect([0, 1, 2, 3].map((user) => lifetimeValue(generator.users, user, 42))).toEqual([
    0, 30.32, 28.9, 6.5,
  ]);
  const all = Array.from({ length: userCountOf(100_000) }, (_, user) => distinctIdOf(user, 42));
  expect(new Set(all).size).toBe(2500);
});

it('keeps to the day, in the order of time, and never gives a user two events at once', () => {
  const day = generator.day(7);
  const lastOf = new Map<number, number>();
  for (let row = 0; row < day.rowCount; row++) {
    const time = day.time[row];
    expect(time).toBeLessThan(dayMs);
    expect(time).toBeGreaterThanOrEqual(day.time[Math.max(0, row - 1)]);
    expect(time).toBeGreaterThan(lastOf.get(day.user[row]) ?? -1);
    lastOf.set(day.user[row], time);
  }
});

it('lets only events about items have an item and a price', () => {
  const day = generator.day(7);
  const aboutItems = new Set(['view_item', 'add_to_cart', 'checkout', 'purchase']);
  for (let row = 0; row < day.rowCount; row++) {
    const hasItem = day.item[row] !== noItem;
    expect(hasItem).toBe(aboutItems.has(events[day.event[row]]));
    expect(day.price[row] > 0).toBe(hasItem);
  }
});

it('makes about as many events as it was asked for', () => {
  let rows = 0;
  for (let day = 0; day < 90; day++) rows += generator.day(day).rowCount;
  expect(rows).toBeGreaterThan(90_000);
  expect(rows).toBeLessThan(110_000);
});
