import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoProject, demoSeed } from './demo-project.ts';
import { addDays, dayOf } from './local-day.ts';
import type { DayChunk, DemoEvent } from './record.ts';
import { createWorld } from './world.ts';

const endDay = '2026-11-21';
let chunks: DayChunk[];
let events: DemoEvent[];

beforeAll(() => {
  chunks = [...createWorld({ seed: demoSeed, endDay })];
  events = chunks.flatMap((chunk) => chunk.events);
  // Three seconds when idle; other suites keep both processors busy.
}, 60_000);

const named = (name: string): DemoEvent[] => events.filter(({ event }) => event === name);

describe('the demo world', () => {
  test('is the same bytes for the same seed and last day', () => {
    const small = { seed: 5, endDay, days: 20, users: 400 };
    const hash = (): string =>
      createHash('sha256')
        .update(JSON.stringify([...createWorld(small)]))
        .digest('hex');
    expect(hash()).toBe(hash());
    expect(hash()).toMatchInlineSnapshot(
      `"a67da48f6b7659d05629a33602c67e7a4a7069aa9790815b36e0bb868b676eef"`,
    );
  });

  test('differs with the seed', () => {
    const of = (seed: number): string =>
      JSON.stringify([...createWorld({ seed, endDay, days: 3, users: 100 })]);
    expect(of(1)).not.toBe(of(2));
  });

  test('goes on behind the last day without changing what came before', () => {
    const small = { seed: 5, endDay, days: 20, users: 400 };
    const longer = [...createWorld({ ...small, untilDay: addDays(endDay, 3) })];
    expect(longer).toHaveLength(23);
    expect(longer.slice(0, 20)).toEqual([...createWorld(small)]);
    expect(longer.at(-1)?.events.length).toBeGreaterThan(10);
  });

  test('has about half a million events of about twenty thousand people in ninety days', () => {
    expect(chunks).toHaveLength(90);
    expect(events.length).toBeGreaterThan(470_000);
    expect(events.length).toBeLessThan(530_000);
    const devices = new Set(events.map(({ properties }) => properties['$device_id']));
    expect(devices.size).toBeGreaterThan(18_000);
    expect(devices.size).toBeLessThan(24_000);
  });

  test('keeps each event within its local day, in order of time', () => {
    for (const { day, events: ofDay } of chunks) {
      const times = ofDay.map(({ properties }) => properties.time);
      const ordered = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0));
      expect([day, ordered]).toEqual([day, true]);
      expect(dayOf(times[0] ?? 0, demoProject.timezone)).toBe(day);
      expect(dayOf(times.at(-1) ?? 0, demoProject.timezone)).toBe(day);
    }
  });

  test('gives every event an insert id that /import takes, and none twice', () => {
    const ids = new Set(events.map(({ properties }) => properties.$insert_id));
    expect(ids.size).toBe(events.length);
    const bad = [...ids].filter((id) => !/^[A-Za-z0-9-]{1,36}$/.test(id));
    expect(bad).toEqual([]);
  });

  test('lets a device be a stranger only before its owner has an account', () => {
    const owners = new Map<string, string>();
    const wrong = events.filter(({ properties }) => {
      const { $device_id: device, $user_id: user } = properties;
      if (device === undefined) return false;
      const owner = owners.get(String(device));
      if (user !== undefined) owners.set(String(device), String(user));
      return owner !== undefined && owner !== user;
    });
    expect(wrong).toEqual([]);
    expect(new Set(owners.values()).size).toBeLessThan(owners.size);
  });

  test('begins a second device with the log-in, days after the sign-up', () => {
    const signUps = new Map(
      named('Signed up').map(({ properties }) => [properties['$user_id'], properties]),
    );
    const devices = new Map<unknown, Set<unknown>>();
    let seconds = 0;
    for (const { event, properties } of events) {
      const { $user_id: user, $device_id: device } = properties;
      if (user === undefined || device === undefined) continue;
      const owned = devices.get(user) ?? new Set();
      devices.set(user, owned);
      if (owned.has(device)) continue;
      owned.add(device);
      const signUp = signUps.get(user);
      if (owned.size === 1 || signUp === undefined) continue;
      seconds++;
      expect(event).toBe('Logged in');
      expect(properties.time - signUp.time).toBeGreaterThan(5 * 86_400_000);
    }
    expect(seconds).toBeGreaterThan(300);
  });

  test('keeps what happens on a device at least three seconds apart', () => {
    const last = new Map<unknown, number>();
    const close = events.filter(({ event, properties }) => {
      const device = properties['$device_id'];
      if (device === undefined || event === '$identify') return false;
      const before = last.get(device) ?? -Infinity;
      last.set(device, properties.time);
      return properties.time - before < 3000;
    });
    expect(close).toEqual([]);
  });

  test('converts visibly more checkouts after the release', () => {
    const rate = (version: string): number =>
      named('Order completed').filter((e) => e.properties['checkout_version'] === version).length /
      named('Checkout started').filter((e) => e.properties['checkout_version'] === version).length;
    expect(rate('v1')).toBeLessThan(0.56);
    expect(rate('v2')).toBeGreaterThan(0.7);
  });

  test('grows, and is liveliest on Sundays', () => {
    const sum = (from: number, end: number): number =>
      chunks.slice(from, end).reduce((count, chunk) => count + chunk.events.length, 0);
    expect(sum(76, 90)).toBeGreaterThan(1.5 * sum(0, 14));
    const lastWeeks = chunks.slice(-28);
    const sundays = lastWeeks.filter(({ day }) => new Date(day).getUTCDay() === 0);
    const fridays = lastWeeks.filter(({ day }) => new Date(day).getUTCDay() === 5);
    const count = (list: DayChunk[]): number =>
      list.reduce((total, chunk) => total + chunk.events.length, 0);
    expect(count(sundays)).toBeGreaterThan(1.2 * count(fridays));
  });

  test('sends back only what was bought, days later', () => {
    const orders = new Map(
      named('Order completed').map(({ properties }) => [properties['order_id'], properties]),
    );
    expect(orders.size).toBe(named('Order completed').length);
    const refunds = named('Order refunded');
    expect(refunds.length).toBeGreaterThan(300);
    for (const { properties } of refunds) {
      const order = orders.get(properties['order_id']);
      expect(order).toBeDefined();
      expect(properties.time - (order?.time ?? Infinity)).toBeGreaterThan(86_400_000);
      expect(Number(properties['amount'])).toBeLessThanOrEqual(Number(order?.['amount']));
    }
  });

  test('writes profiles that nobody real can be behind', () => {
    const people = chunks.flatMap((chunk) => chunk.people);
    const mails = new Set(people.map(({ $set }) => $set?.['$email']));
    expect(mails.size).toBeGreaterThan(7000);
    for (const mail of mails)
      expect(mail).toMatch(/^[a-z]+\.[a-z]+\.\w{4}@example\.(com|org|net)$/);
    for (const { people: ofDay } of chunks) {
      expect(new Set(ofDay.map(({ $distinct_id }) => $distinct_id)).size).toBe(ofDay.length);
    }
  });
});
