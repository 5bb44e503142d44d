import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstThings } from './list-first.ts';

test('keeps what sorting everything would put first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 50 })), fc.integer({ min: 1, max: 6 }), (keys, count) => {
      const compare = (thing: number, other: number): number =>
        keys[thing] - keys[other] || thing - other;
      const first = new FirstThings(count, compare);
      for (const thing of keys.keys()) first.add(thing);
      expect(first.sorted()).toEqual([...keys.keys()].sort(compare).slice(0, count));
    }),
  );
});
