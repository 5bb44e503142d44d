import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserLinks } from './user-links.ts';

/** Ordinal i has the id `u<i>`; a greater batch number is a later batch. */
function links(pairs: readonly (readonly [loser: number, winner: number])[]): UserLinks {
  const made = new UserLinks({ idOf: (i) => `u${i}`, compareBatches: (a, b) => a - b });
  pairs.forEach(([loser, winner], batch) => made.add({ loser, winner, batch, place: 0 }));
  return made;
}

const representatives = (made: UserLinks) =>
  [1, 2, 3, 4, 5].map((ordinal) => made.representative(ordinal));

describe('user links', () => {
  it('count the loser as the winner', () => {
    expect(representatives(links([[1, 2]]))).toStrictEqual([2, 2, 3, 4, 5]);
  });

  it('follow chains, in whatever order they come', () => {
    const expected = [3, 3, 3, 4, 5];
    expect(
      representatives(
        links([
          [1, 2],
          [2, 3],
        ]),
      ),
    ).toStrictEqual(expected);
    expect(
      representatives(
        links([
          [2, 3],
          [1, 2],
        ]),
      ),
    ).toStrictEqual(expected);
  });

  it('survive a circle', () => {
    expect(
      representatives(
        links([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toStrictEqual([1, 1, 3, 4, 5]);
    expect(
      representatives(
        links([
          [2, 1],
          [1, 2],
        ]),
      ),
    ).toStrictEqual([1, 1, 3, 4, 5]);
  });

  it('change nothing when they are known, or merge nobody', () => {
    const made = links([[1, 2]]);
    expect(made.add({ loser: 1, winner: 2, batch: 9, place: 0 })).toBe(false);
    expect(made.add({ loser: 3, winner: 3, batch: 9, place: 0 })).toBe(false);
    expect(made.add({ loser: 0, winner: 3, batch: 9, place: 0 })).toBe(false);
    expect(made.version).toBe(1);
  });

  it('remember the earliest batch that said so', () => {
    const made = new UserLinks({ idOf: (i) => `u${i}`, compareBatches: (a, b) => a - b });
    made.add({ loser: 1, winner: 2, batch: 7, place: 0 });
    expect(made.add({ loser: 1, winner: 2, batch: 3, place: 0 })).toBe(true);
    expect(made.links(2)).toStrictEqual([{ loser: 1, winner: 2, batch: 3, place: 0 }]);
  });

  it('mean the same in any order', () => {
    const ordinal = fc.integer({ min: 1, max: 5 });
    const pair = fc.tuple(ordinal, ordinal);
    const shuffled = fc
      .array(pair, { maxLength: 8 })
      .chain((pairs) =>
        fc.tuple(
          fc.constant(pairs),
          fc.shuffledSubarray(pairs, { minLength: pairs.length, maxLength: pairs.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([pairs, otherOrder]) => {
        expect(representatives(links(otherOrder))).toStrictEqual(representatives(links(pairs)));
      }),
      { numRuns: 500 },
    );
  });
});
