import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RollingMinute } from './rolling-minute.ts';

test('counts what came in the last minute, to the second', () => {
  const minute = new RollingMinute();
  minute.add(1_000_500, 3);
  minute.add(1_030_000, 4);
  expect(minute.total(1_059_999)).toBe(7);
  expect(minute.total(1_060_000)).toBe(4);
  expect(minute.total(1_090_000)).toBe(0);
  expect(minute.total(9_000_000)).toBe(0);
});

test('says when there will be room again', () => {
  const minute = new RollingMinute();
  minute.add(100_000, 10);
  minute.add(130_000, 10);
  expect(minute.msUntil(140_000, 20)).toBe(0);
  expect(minute.msUntil(140_000, 15)).toBe(20_000);
  expect(minute.msUntil(140_000, 0)).toBe(50_000);
});

test('what is taken back leaves with the second it came in', () => {
  const minute = new RollingMinute();
  minute.add(100_000, 10);
  minute.add(130_000, 10);
  minute.takeBack(135_000, 100_500, 4);
  expect(minute.total(140_000)).toBe(16);
  expect(minute.total(160_000)).toBe(10);
  // Its second is over a minute ago: it counts no more.
  minute.takeBack(165_000, 100_000, 6);
  expect(minute.total(165_000)).toBe(10);
});

test('equals the sum over a list, at any times', () => {
  const steps = fc.array(fc.tuple(fc.nat(20_000), fc.nat(100)), { maxLength: 50 });
  fc.assert(
    fc.property(fc.nat(1_000_000), steps, (start, list) => {
      const minute = new RollingMinute();
      const all: { second: number; amount: number }[] = [];
      let now = start;
      for (const [pause, amount] of list) {
        now += pause;
        minute.add(now, amount);
        all.push({ second: Math.floor(now / 1000), amount });
        const since = Math.floor(now / 1000) - 60;
        const expected = all.filter(({ second }) => second > since);
        expect(minute.total(now)).toBe(expected.reduce((sum, one) => sum + one.amount, 0));
        const at = now + minute.msUntil(now, 150);
        const left = all.filter(({ second }) => second > Math.floor(at / 1000) - 60);
        expect(left.reduce((sum, one) => sum + one.amount, 0)).toBeLessThanOrEqual(150);
      }
    }),
  );
});
