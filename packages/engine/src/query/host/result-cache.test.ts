import { expect, it } from 'vitest';
import { ResultCache } from './result-cache.ts';

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
