import type { DayChunk } from '@arbor/demo-world/record';
import { createWorld } from '@arbor/demo-world/world';
import { expect, test } from 'vitest';
import { catchUp } from './catch-up.ts';
import type { Customer } from './customer.ts';
import { loadHistory } from './load-history.ts';
import type { DemoProgress } from './progress-file.ts';

const world: DayChunk[] = ['2026-11-19', '2026-11-20', '2026-11-21'].map((day, n) => ({
  day,
  events: [{ event: 'Seen', properties: { time: n, distinct_id: 'd', $insert_id: `i-${n}` } }],
  people: [{ $distinct_id: 'd', $time: n }],
}));
const { signal } = new AbortController();
const fresh: DemoProgress = {
  version: 1,
  seed: 1,
  endDay: '2026-11-21',
  daysLoaded: 0,
  coveredUntil: null,
};

/** Writes down what it is given; fails at the call with this number, as a killed process would. */
function recorder(failAt = Infinity) {
  const calls: string[] = [];
  const call = (text: string): Promise<void> => {
    if (calls.length === failAt) return Promise.reject(new Error('killed'));
    calls.push(text);
    return Promise.resolve();
  };
  const customer: Customer = {
    importEvents: (events) => call(`events ${events[0]?.properties.$insert_id ?? ''}`),
    updatePeople: (people) => call(`people ${people[0]?.$time ?? ''}`),
    track: () => call('track'),
  };
  return { calls, customer };
}

test('sends each day after the one before, and says how far it is', async () => {
  const { calls, customer } = recorder();
  const shown: string[] = [];
  await loadHistory({
    progress: fresh,
    customer,
    world,
    days: 3,
    signal,
    save: () => Promise.resolve(),
    onProgress: (done, total) => shown.push(`${done}/${total}`),
  });
  expect(calls).toEqual([
    'events i-0',
    'people 0',
    'events i-1',
    'people 1',
    'events i-2',
    'people 2',
  ]);
  expect(shown).toEqual(['0/3', '1/3', '2/3', '3/3']);
});

test('goes on after a kill with the day that was not finished', async () => {
  let saved = fresh;
  const save = (progress: DemoProgress): Promise<void> => {
    saved = progress;
    return Promise.resolve();
  };
  const load = (customer: Customer): Promise<DemoProgress> =>
    loadHistory({ progress: saved, customer, world, days: 3, save, signal, onProgress: () => {} });

  await expect(load(recorder(3).customer)).rejects.toThrow('killed');
  const second = recorder();
  await load(second.customer);
  expect(second.calls).toEqual(['events i-1', 'people 1', 'events i-2', 'people 2']);
  const third = recorder();
  await load(third.customer);
  expect(third.calls).toEqual([]);
});

test('stops between two days when the process ends', async () => {
  const stop = new AbortController();
  const { calls, customer } = recorder();
  const loading = loadHistory({
    progress: fresh,
    customer,
    world,
    days: 3,
    signal: stop.signal,
    save: () => Promise.resolve(),
    onProgress: (done) => done === 1 && stop.abort(new Error('stopped')),
  });
  await expect(loading).rejects.toThrow('stopped');
  expect(calls).toEqual(['events i-0', 'people 0']);
});

test('plays the part of today before now at the first start, and nothing of the future', async () => {
  const now = Date.parse('2026-11-22T15:00:00+01:00');
  const times: number[] = [];
  const customer: Customer = {
    importEvents(events) {
      times.push(...events.map(({ properties }) => properties.time));
      return Promise.resolve();
    },
    updatePeople: () => Promise.resolve(),
    track: () => Promise.resolve(),
  };
  const save = (): Promise<void> => Promise.resolve();
  const small: typeof createWorld = (options) => createWorld({ ...options, users: 1000 });
  const until = (at: number, from: DemoProgress): Promise<DemoProgress> =>
    catchUp({ progress: from, customer, save, signal, now: at, world: small });
  const done = await until(now, fresh);
  expect(times.length).toBeGreaterThan(50);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse('2026-11-22T00:00:00+01:00'));
  expect(Math.max(...times)).toBeLessThan(now);
  expect(done.coveredUntil).toBe(now);

  const before = times.length;
  const soon = await until(now + 60_000, done);
  expect(times).toHaveLength(before);
  await until(now + 3 * 86_400_000, soon);
  const missed = times.slice(before);
  expect(Math.min(...missed)).toBeGreaterThanOrEqual(now + 60_000);
  expect(missed.length).toBeGreaterThan(500);
});

test('has ninety days to load', () => {
  const days = [...createWorld({ seed: 1, endDay: '2026-11-21', users: 100 })];
  expect(days).toHaveLength(90);
});
