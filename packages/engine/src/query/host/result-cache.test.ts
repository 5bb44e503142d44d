import { querySchema } from '@arbor/schema/query';
import { expect, it } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import { planKey, ResultCache } from './result-cache.ts';

const answer = (bytes: number) => ({ partials: [new Uint8Array(bytes)], rowsScanned: bytes });

it('keeps answers within its bound, and lets the one go that was used longest ago', () => {
  const cache = new ResultCache(100);
  cache.set('a', answer(20));
  cache.set('b', answer(20));
  cache.set('c', answer(20));
  expect(cache.get('a')).toEqual(answer(20));
  cache.set('d', answer(20));
  cache.set('e', answer(20));
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => cache.get(key) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
  expect(cache.bytes).toBe(84);
  expect(cache.hits).toBe(5);
});

it('keeps nothing that takes much of its room, and nothing at all without any', () => {
  const cache = new ResultCache(100);
  cache.set('large', answer(40));
  expect(cache.get('large')).toBeUndefined();
  const off = new ResultCache(0);
  off.set('a', answer(0));
  expect([off.isOn, off.bytes, off.get('a')]).toEqual([false, 0, undefined]);
});

it('counts an answer that is given anew once', () => {
  const cache = new ResultCache(100);
  cache.set('a', answer(20));
  cache.set('a', answer(10));
  expect(cache.bytes).toBe(11);
});

it('knows a retention by the moment it is asked as long as a bracket can still fill', () => {
  const dayMs = 86_400_000;
  const startMs = Date.UTC(2024, 2, 4);
  const keyAt = (days: number): string => {
    const query = querySchema.parse({
      type: 'retention',
      range: { from: '2024-03-04', to: '2024-03-04' },
      birth: { anyOf: [{ event: 'A' }] },
      return: { anyOf: [{ event: 'B' }] },
      brackets: [1, 30],
    });
    const nowMs = startMs + days * dayMs;
    return planKey(planQuery(query, { timezone: 'UTC', weekStart: 1, nowMs, shardCount: 1 }));
  };
  expect(keyAt(20)).not.toBe(keyAt(25));
  expect(keyAt(50)).toBe(keyAt(55));
});
