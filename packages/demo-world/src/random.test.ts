import { expect, test } from 'vitest';
import { hash32, Random, uniform, uuidOf } from './random.ts';

test('gives the same numbers on every machine', () => {
  const random = new Random(7);
  expect([hash32(1), hash32(1, 2), hash32(1, 2, 3)]).toMatchInlineSnapshot(`
    [
      536059379,
      236991665,
      3682286299,
    ]
  `);
  expect([random.next(), random.below(100), random.between(3, 9)]).toMatchInlineSnapshot(`
    [
      0.011704753153026104,
      6,
      9,
    ]
  `);
  expect(uuidOf(1, 2)).toMatchInlineSnapshot(`"0e2034b1-e425-4137-a151-23f1db7b3adb"`);
});

test('spreads neighbouring inputs evenly', () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 10_000; index++) {
    const bucket = Math.floor(uniform(20, index, 5) * 10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('draws each choice as often as its weight says', () => {
  const random = new Random(1);
  const choices = [
    { name: 'often', weight: 3 },
    { name: 'seldom', weight: 1 },
    { name: 'never', weight: 0 },
  ];
  const drawn = Array.from({ length: 4000 }, () => random.weighted(choices).name);
  expect(Math.abs(drawn.filter((name) => name === 'often').length - 3000)).toBeLessThan(150);
  expect(drawn).not.toContain('never');
});

test('makes device ids of the form a browser makes', () => {
  for (let index = 0; index < 100; index++) {
    expect(uuidOf(index, 10)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});
