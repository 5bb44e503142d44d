import { expect, test } from 'vitest';
import type { DemoEvent, DemoValue } from './record.ts';
import { truthOf } from './truth.ts';

let count = 0;
function event(
  name: string,
  at: string,
  who: { device?: string; user?: string },
  extra: Record<string, DemoValue> = {},
): DemoEvent {
  const { device, user } = who;
  return {
    event: name,
    properties: {
      time: Date.parse(at),
      distinct_id: user ?? `$device:${device ?? ''}`,
      $insert_id: `t-${count++}`,
      ...(device === undefined ? {} : { $device_id: device }),
      ...(user === undefined ? {} : { $user_id: user }),
      ...extra,
    },
  };
}

const anna = { device: 'd1', user: 'anna' };
const truth = truthOf(
  [
    event('View', '2026-03-02T10:00:00Z', { device: 'd1' }),
    event('$identify', '2026-03-02T10:01:00Z', anna, {
      $anon_id: '$device:d1',
      $identified_id: 'anna',
    }),
    event('Buy', '2026-03-02T10:05:00Z', anna, { amount: 10, country: 'DE' }),
    event('View', '2026-03-03T12:00:00Z', { device: 'd2', user: 'anna' }),
    event('View', '2026-03-04T23:30:00Z', { device: 'd3' }, { country: 'FR' }),
    event('Buy', '2026-03-14T23:30:00Z', { device: 'd3' }, { amount: 2.5 }),
  ],
  'Europe/Berlin',
);
const march = { from: '2026-03-01', to: '2026-03-31' };

test('counts a stranger and the user they became as one', () => {
  expect(truth.total({ event: 'View', ...march })).toBe(3);
  expect(truth.uniques({ event: 'View', ...march })).toBe(2);
});

test('leaves protocol events out of any event', () => {
  expect(truth.total({ event: null, ...march })).toBe(5);
});

test('cuts days in the zone of the project', () => {
  expect([...truth.totalByDay({ event: 'View', ...march })]).toEqual([
    ['2026-03-02', 1],
    ['2026-03-03', 1],
    ['2026-03-05', 1],
  ]);
});

test('sums and breaks down a property', () => {
  expect(truth.sum({ event: 'Buy', property: 'amount', ...march })).toBe(12.5);
  expect([...truth.totalBy({ event: 'View', property: 'country', ...march })]).toEqual([
    ['(not set)', 2],
    ['FR', 1],
  ]);
});

test('follows a funnel within its window, across identifiers', () => {
  const steps = ['View', 'Buy'];
  const day = 86_400_000;
  expect(truth.funnel({ steps, windowMs: 7 * day, ...march })).toEqual([2, 1]);
  expect(truth.funnel({ steps, windowMs: 10 * day, ...march })).toEqual([2, 2]);
  expect(truth.funnel({ steps, windowMs: day, from: '2026-03-03', to: '2026-03-31' })).toEqual([
    2, 0,
  ]);
});

test('finds who comes back in which interval', () => {
  const row = { day: '2026-03-02', birth: 'View', back: null, intervals: 3 };
  expect(truth.retention({ ...row, criterion: 'on' })).toEqual({ size: 1, counts: [1, 1, 0] });
  expect(truth.retention({ ...row, back: 'View', criterion: 'on_or_after' })).toEqual({
    size: 1,
    counts: [1, 1, 0],
  });
});
