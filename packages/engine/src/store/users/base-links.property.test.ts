import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { BaseLinks } from './base-links.ts';
import { UserLinks } from './user-links.ts';

const ordinal = fc.integer({ min: 0, max: 9 });
const pairs = fc.array(fc.record({ loser: ordinal, winner: ordinal }), { maxLength: 12 });
const idOf = (user: number): string => `u${user}`;
const all = Array.from({ length: 10 }, (_, user) => user);

describe('links of the catalog and links since', () => {
  it('mean together what all of them mean when they come one by one', () => {
    fc.assert(
      fc.property(pairs, pairs, (before, since) => {
        const compareBatches = (batch: number, other: number): number => batch - other;
        const base = new BaseLinks(before, idOf);
        const both = new UserLinks({ base, idOf, compareBatches });
        const plain = new UserLinks({ idOf, compareBatches });
        for (const link of before) plain.add({ ...link, batch: 0, place: 0 });
        for (const [batch, link] of since.entries()) {
          both.add({ ...link, batch, place: 0 });
          plain.add({ ...link, batch, place: 0 });
        }
        const describeLinks = (links: UserLinks): unknown =>
          all.map((user) => [
            links.representative(user),
            [...links.members(user)].sort((a, b) => a - b),
          ]);
        expect(describeLinks(both)).toStrictEqual(describeLinks(plain));
        expect(both.redirects()).toStrictEqual(plain.redirects());
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });

  it('are not taken down again when the catalog has them', () => {
    const base = new BaseLinks([{ loser: 1, winner: 2 }], idOf);
    const links = new UserLinks({ base, idOf, compareBatches: (a, b) => a - b });
    expect(links.add({ loser: 1, winner: 2, batch: 0, place: 0 })).toBe(false);
    expect(links.newLinks()).toStrictEqual([]);
    expect(links.add({ loser: 2, winner: 1, batch: 0, place: 0 })).toBe(true);
    expect(links.newLinks()).toStrictEqual([{ loser: 2, winner: 1, batch: 0, place: 0 }]);
  });

  it('redirect everybody who is counted under somebody else, ascending', () => {
    const { losers, winners } = new BaseLinks(
      [
        { loser: 7, winner: 2 },
        { loser: 2, winner: 5 },
        { loser: 9, winner: 9 },
      ],
      idOf,
    ).redirects;
    expect([...losers]).toStrictEqual([2, 7]);
    expect([...winners]).toStrictEqual([5, 5]);
  });
});
