import { expect, test } from 'vitest';
import { ask } from '../model/ask.ts';
import { d1Views, event, only } from './sample-data.ts';

const steps = [only('Signup'), only('Play')];
const range = { from: '2024-03-04', to: '2024-03-05' };
const second = 1000;

test('5.10: times between the chosen steps have a shortest, a longest, an average and any percentile', () => {
  const { times } = ask(d1Views, {
    type: 'funnel',
    range,
    steps,
    times: { percentiles: [50, 90] },
  });
  // 600, 2400 and 82 800 s (5.13 example 2).
  expect(times).toEqual({
    count: 3,
    averageMs: 28_600 * second,
    medianMs: 2400 * second,
    minMs: 600 * second,
    maxMs: 82_800 * second,
    percentilesMs: [2400 * second, 66_720 * second],
  });
});

test('5.10: each segment has times of its own', () => {
  const { segments } = ask(d1Views, {
    type: 'funnel',
    range,
    steps,
    breakdowns: [{ property: event('song') }],
    attribution: { type: 'last' },
    times: { percentiles: [100] },
  });
  expect(segments.map(({ segment, times }) => [segment.text, times?.percentilesMs])).toEqual([
    ['A', [82_800 * second]],
    ['C', [2400 * second]],
  ]);
});

test('5.10: conversion is that of the last selected step from the first one', () => {
  const plays = [only('Signup'), only('Play'), only('Play')];
  const ofSteps = (own: object) =>
    ask(d1Views, {
      type: 'insights',
      range,
      unit: 'total',
      metrics: [{ type: 'funnel', funnel: { steps: plays, sum: event('secs') }, ...own }],
    }).series[0].total;
  expect(ofSteps({ value: 'count', to: 1 })).toBe(3);
  expect(ofSteps({ value: 'rate', to: 1 })).toBe(1);
  expect(ofSteps({ value: 'rate', from: 1 })).toBeCloseTo(2 / 3);
  expect(ofSteps({ value: 'max_time', to: 1 })).toBe(82_800 * second);
  // Of u1 100 and 50, of u2 200 and 120, of u3 30.
  expect(ofSteps({ value: 'sum', to: 1 })).toBe(330);
  expect(ofSteps({ value: 'sum_rate', from: 1 })).toBeCloseTo(170 / 330);
});

test.each([
  [
    { value: 'percentile_time' },
    'a percentile of times needs "percentile", a number from 0 to 100',
  ],
  [{ value: 'rate', percentile: 3 }, 'the rate of a funnel takes no percentile'],
  [{ value: 'sum' }, 'the sum of a funnel needs its "sum", a property'],
  [{ from: 2 }, 'there is no step 2: steps are 0 to 1'],
  [{ from: 1, to: 0 }, 'a funnel goes from step 1 to a later one, not to 0'],
])('refuses %j as the value of a funnel', (own, message) => {
  const metric = { type: 'funnel' as const, funnel: { steps }, ...own } as never;
  expect(() => ask(d1Views, { type: 'insights', range, metrics: [metric] })).toThrow(message);
});
