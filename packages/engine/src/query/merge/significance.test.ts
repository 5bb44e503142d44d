import fc from 'fast-check';
import { expect, test } from 'vitest';
import { significanceAgainst, significanceOf } from './significance.ts';

const at = (entries: number, conversions: number, ownEntries: number, ownConversions: number) =>
  significanceOf({ entries, conversions, ownEntries, ownConversions });

test('5.13 example 10: 30 of 50 where 80 of 200 convert', () => {
  const own = at(200, 80, 50, 30);
  expect(own?.confidence).toBeCloseTo(0.99917, 5);
  expect(own?.isSignificant).toBe(true);
});

test('says nothing of fewer than 30 entries, or of more than the whole has', () => {
  expect(at(200, 80, 29, 29)).toBeNull();
  expect(at(200, 80, 30, 12)).not.toBeNull();
  expect(at(40, 10, 41, 10)).toBeNull();
});

test('a segment that converts as the whole is not significant', () => {
  expect(at(1000, 400, 100, 40)?.isSignificant).toBe(false);
});

test('more conversions than the whole has are certainly others', () => {
  expect(at(100, 0, 50, 20)).toEqual({ confidence: 1, isSignificant: true });
});

test('stays exact for millions of entries', () => {
  // Normal approximation: 2 standard deviations above the mean.
  const confidence = at(10_000_000, 5_000_000, 1_000_000, 500_949)?.confidence;
  expect(confidence).toBeCloseTo(0.97725, 3);
});

/** Term by term, with whole numbers. */
function naive(entries: number, conversions: number, n: number, k: number): number {
  const choose = (from: number, of: number): bigint => {
    if (of < 0 || of > from) return 0n;
    let ways = 1n;
    for (let i = 1n; i <= of; i++) ways = (ways * (BigInt(from - of) + i)) / i;
    return ways;
  };
  let [below, above] = [0n, 0n];
  for (let x = 0; x <= n; x++) {
    const ways = choose(conversions, x) * choose(entries - conversions, n - x);
    if (x < k) below += ways;
    if (x > k) above += ways;
  }
  const scale = 10n ** 18n;
  const all = choose(entries, n);
  return Number(((below > above ? below : above) * scale) / all) / 1e18;
}

test('is the greater of P(X < k) and P(X > k)', () => {
  const counts = fc
    .integer({ min: 30, max: 400 })
    .chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.nat({ max: entries }),
        fc.integer({ min: 30, max: entries }),
        fc.nat({ max: entries }),
      ),
    )
    .map(([entries, conversions, n, k]) => [entries, conversions, n, Math.min(n, k)] as const);
  fc.assert(
    fc.property(counts, (own) => {
      expect(at(...own)?.confidence).toBeCloseTo(naive(...own), 10);
    }),
    { numRuns: 200 },
  );
});

test('against another segment, the entries of both are what a segment is drawn from', () => {
  const against = (entries: number, conversions: number) =>
    significanceAgainst({ entries, conversions }, { entries: 50, conversions: 30 });
  // 150 of 200 entries, and 50 of 80 conversions, are those of the other one.
  expect(against(150, 50)?.confidence).toBeCloseTo(0.99917, 5);
  expect(against(150, 90)?.isSignificant).toBe(false);
  expect(against(29, 1)).toBeNull();
});
