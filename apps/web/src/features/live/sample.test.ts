import { expect, test } from 'vitest';
import type { LiveEntry } from '@arbor/schema/live';
import { createSampler, rowsPerSecondMax } from './sample.ts';

const entries = (count: number, receivedAt: number, kind: 'event' | 'rejected' = 'event') =>
  Array.from({ length: count }, (_, n): LiveEntry => {
    const base = { id: `${kind} ${receivedAt} ${n}`, receivedAt, source: 'track' } as const;
    return kind === 'rejected'
      ? { ...base, kind, reason: 'too large', record: '{}' }
      : {
          ...base,
          kind,
          event: 'E',
          time: 1,
          distinctId: 'u',
          user: 'u',
          insertId: '',
          properties: {},
        };
  });

test('shows all of a second that can be read, and the first of one that cannot', () => {
  const sampler = createSampler();
  expect(sampler.take(entries(rowsPerSecondMax, 1000))).toHaveLength(rowsPerSecondMax);
  expect(sampler.take(entries(1, 1999))).toHaveLength(0);
  expect(sampler.take(entries(400, 2000))).toHaveLength(rowsPerSecondMax);
  expect(sampler.take(entries(840, 2500))).toHaveLength(0);
  expect(sampler.perSecond()).toBe(1240);
});

test('thins what fills a gap by when it was received, and never a refusal', () => {
  const sampler = createSampler();
  const minute = Array.from({ length: 60 }, (_, second) => entries(10, second * 1000)).flat();
  expect(sampler.take(minute)).toHaveLength(600);
  expect(sampler.take(entries(60, 90_000, 'rejected'))).toHaveLength(60);
});

test('forgets the rate of a second that is long over', () => {
  const sampler = createSampler();
  sampler.take(entries(300, 1000));
  sampler.take(entries(2, 5000));
  expect(sampler.perSecond()).toBe(2);
});
