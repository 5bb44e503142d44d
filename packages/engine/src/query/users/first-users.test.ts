import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { atOnce } from '../../base/slices.ts';
import { firstUsers, type UserOrder } from './first-users.ts';

const byOrdinal = (ranks: readonly number[], after: UserOrder['after'] = null): UserOrder => ({
  ranks: Float64Array.from(ranks),
  compare: (user, other) => user - other,
  after,
});

const first = (order: UserOrder, mask: readonly number[], most: number): number[] => [
  ...atOnce(firstUsers(order, Uint8Array.from(mask), most)),
];

test('takes those of the mask with the lowest ranks, in order', () => {
  const order = byOrdinal([0, 5, 3, Infinity, 1, 3]);
  expect(first(order, [0, 1, 1, 1, 0, 1], 3)).toEqual([2, 5, 1]);
  expect(first(order, [0, 1, 1, 1, 1, 1], 9)).toEqual([4, 2, 5, 1, 3]);
});

test('goes on behind the last user of the page before', () => {
  const after = { rank: 3, compare: (user: number) => user - 2 };
  const order = byOrdinal([0, 5, 3, Infinity, 1, 3], after);
  expect(first(order, [0, 1, 1, 1, 1, 1], 9)).toEqual([5, 1, 3]);
});

test(`takes what sorting everybody would begin with (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(1, 2, 3, 4, Infinity), { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (ranks, most) => {
        const all = ranks.map((_, i) => i + 1);
        const rankOf = (user: number): number => ranks[user - 1] ?? 0;
        const sorted = all.sort((left, right) => {
          const order = rankOf(left) === rankOf(right) ? 0 : rankOf(left) - rankOf(right);
          return order || left - right;
        });
        const mask = [0, ...ranks.map(() => 1)];
        expect(first(byOrdinal([0, ...ranks]), mask, most)).toEqual(sorted.slice(0, most));
      },
    ),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
