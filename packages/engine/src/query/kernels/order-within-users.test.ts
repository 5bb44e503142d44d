import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { orderWithinUsers } from './order-within-users.ts';

test('orders the places of each user by their keys, those of equal keys as they were', () => {
  const order = Uint32Array.of(0, 2, 3, 4, 5);
  const users = Uint32Array.of(1, 9, 1, 1, 2, 2);
  const keys = Float64Array.of(7, 0, 5, 5, 2, 1);
  orderWithinUsers(order, users, keys);
  expect([...order]).toEqual([2, 3, 0, 5, 4]);
});

test('has nothing to order where there is nobody', () => {
  const order = new Uint32Array();
  orderWithinUsers(order, new Uint32Array(), new Float64Array());
  expect(order.length).toBe(0);
});

test(`does what a stable sort by user and key does (seed ${propertySeed})`, () => {
  const run = fc.array(fc.nat({ max: 5 }), { maxLength: 150, size: 'max' });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 4 }), (runs) => {
      const users = Uint32Array.from(runs.flatMap((own, user) => own.map(() => user)));
      const keys = Float64Array.from(runs.flat());
      const order = Uint32Array.from(users, (_, place) => place);
      const expected = Array.from(order).sort(
        (left, right) => users[left] - users[right] || keys[left] - keys[right],
      );
      orderWithinUsers(order, users, keys);
      expect([...order]).toEqual(expected);
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});
