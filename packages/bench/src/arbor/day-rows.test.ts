import { expect, it } from 'vitest';
import { noItem } from '../world/day-columns.ts';
import { DayGenerator } from '../world/day-generator.ts';
import * as words from '../world/vocabulary.ts';
import { batchCountOf, dayRows } from './day-rows.ts';
import { FirstSight } from './first-sight.ts';

const generator = new DayGenerator(30_000, 5);
const columns = generator.day(10);
const sight = new FirstSight(generator.users.count);
sight.see(columns.user);
const options = { day: 10, ordinals: sight.ordinals, firstSequence: 100, insertIds: true };
const rows = dayRows(columns, options);
const eventOf = (row: number): string =>
  rows.events[rows.eventStarts.findLastIndex((start) => start <= row)];

it('numbers users by first sight, from 1 on', () => {
  const firsts = [...new Set(columns.user)];
  expect(firsts.map((user) => sight.ordinals[user])).toEqual(firsts.map((_, i) => i + 1));
  expect(sight.count).toBe(firsts.length);
});

it('orders rows by event name, user and time', () => {
  expect(rows.events).toEqual([...rows.events].sort());
  expect(rows.eventStarts.at(-1)).toBe(rows.rowCount);
  for (let row = 1; row < rows.rowCount; row++) {
    if (eventOf(row) !== eventOf(row - 1)) continue;
    const isOrdered =
      rows.users[row] > rows.users[row - 1] ||
      (rows.users[row] === rows.users[row - 1] && rows.times[row] > rows.times[row - 1]);
    expect(isOrdered).toBe(true);
  }
});

it('holds every event of the day with its properties, and nothing else', () => {
  const text = (code: number, values: readonly string[]): string => values[code];
  const expected = Array.from(columns.time, (time, i) => {
    const hasItem = columns.item[i] !== noItem;
    return JSON.stringify([
      text(columns.event[i], words.events),
      sight.ordinals[columns.user[i]],
      time,
      {
        $browser: text(columns.browser[i], words.browsers),
        $current_url: text(columns.url[i], words.urls),
        $os: text(columns.system[i], words.systems),
        country: text(columns.country[i], words.countries),
        is_new: columns.isNew[i] === 1,
        ...(hasItem ? { item: text(columns.item[i], words.items) } : {}),
        plan: text(columns.plan[i], words.plans),
        ...(hasItem ? { price: columns.price[i] / 100, quantity: columns.quantity[i] } : {}),
        referrer: text(columns.referrer[i], words.referrers),
      },
    ]);
  });
  const found = Array.from(rows.users, (user, row) => {
    const present = rows.properties.filter(({ codes }) => codes[row] !== 0);
    const values = present.map(({ name, codes, values }) => [name, values[codes[row]]]);
    return JSON.stringify([eventOf(row), user, rows.times[row], Object.fromEntries(values)]);
  });
  expect(found.sort()).toEqual(expected.sort());
});

it('brings rows in batches of 2000 in the order of time', () => {
  expect(rows.batchSequences).toHaveLength(batchCountOf(rows.rowCount));
  expect(rows.batchSequences[0]).toBe(100);
  const times = [...rows.times].sort((a, b) => a - b);
  for (let row = 0; row < rows.rowCount; row++) {
    const batch = rows.batches[row];
    expect(rows.times[row]).toBeGreaterThanOrEqual(times[batch * 2000]);
    expect(rows.times[row]).toBeLessThanOrEqual(
      times[Math.min(times.length, (batch + 1) * 2000) - 1],
    );
  }
});

it('gives each event an insert id of its own when asked', () => {
  const { bytes, ends } = rows.insertIds;
  const ids = Array.from(ends, (end, row) =>
    Buffer.from(bytes.subarray(row === 0 ? 0 : ends[row - 1], end)).toString(),
  );
  expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(rows.rowCount);
  const without = dayRows(columns, { ...options, insertIds: false }).insertIds;
  expect(without.bytes).toHaveLength(0);
  expect(without.ends.every((end) => end === 0)).toBe(true);
});
