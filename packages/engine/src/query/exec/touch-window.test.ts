import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributionModel } from '@arbor/schema/query';
import { touchShares } from '../../../test/model/naive-attribution.ts';
import type { ShardView } from './shard-view.ts';
import { attributedShares } from './attribution.ts';

const hourMs = 3_600_000;

/** One user whose rows all are touches, at these hours, with these values. */
function viewOf(hours: readonly number[]): ShardView {
  return {
    rowCount: hours.length,
    times: Float64Array.from(hours, (hour) => hour * hourMs),
    users: new Uint32Array(hours.length).fill(1),
    events: new Uint32Array(hours.length),
    eventNames: ['Visit'],
    userCount: 1,
    userIds: ['', 'u'],
    eventProperty: () => undefined,
    personProperty: () => undefined,
  };
}

/** A slot for each value, and slot 0 for none. */
const own = (count: number) => Uint32Array.from({ length: count }, (_, code) => code);

function sharesOf(
  model: AttributionModel,
  hours: readonly number[],
  codes: readonly number[],
  lookbackHours: number,
): Map<number, number>[] {
  const column = { codes: Uint32Array.from(codes), values: [null, 'a', 'b', 'c'] };
  const { starts, slots, weights } = attributedShares(
    own(hours.length),
    {
      view: viewOf(hours),
      plan: { type: 'attributed', model, lookbackMs: lookbackHours * hourMs },
      column,
    },
    { starts: own(5), slots: own(4) },
  );
  return hours.map(
    (_, row) =>
      new Map(
        Array.from(slots.subarray(starts[row], starts[row + 1]), (slot, i) => [
          slot,
          weights[starts[row] + i],
        ]),
      ),
  );
}

const models: AttributionModel[] = [
  { type: 'first' },
  { type: 'last' },
  { type: 'linear' },
  { type: 'participation' },
  { type: 'time_decay' },
  { type: 'u_shaped' },
  { type: 'j_shaped' },
  { type: 'inverse_j' },
  { type: 'custom', first: 3, middle: 1, last: 0 },
];

test('a window that moves on has the shares of one that is made for each row', () => {
  const hours = fc.array(fc.nat({ max: 900 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      hours,
      fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }),
      fc.constantFrom(1, 30, 400),
      fc.constantFrom(...models),
      (unordered, values, lookback, model) => {
        const times = unordered.toSorted((left, right) => left - right);
        const codes = values.slice(0, times.length);
        const actual = sharesOf(model, times, codes, lookback);
        times.forEach((time, row) => {
          const touches = times.flatMap((_, i) =>
            i <= row && codes[i] > 0 && time - times[i] <= lookback ? [i] : [],
          );
          const shares = touchShares(
            model,
            touches.map((i) => (time - times[i]) * hourMs),
          );
          const expected = new Map<number, number>(touches.length === 0 ? [[0, 1]] : []);
          touches.forEach((touch, i) => {
            const before = model.type === 'participation' ? 0 : (expected.get(codes[touch]) ?? 0);
            expected.set(codes[touch], before + shares[i]);
          });
          for (const slot of [0, 1, 2, 3]) {
            expect(actual[row].get(slot) ?? 0).toBeCloseTo(expected.get(slot) ?? 0, 10);
          }
        });
      },
    ),
    { numRuns: 100 },
  );
});

test('time decay stays exact over decades of touches', () => {
  // A touch each half year for a century, and a look back of two of them.
  const hours = Array.from({ length: 200 }, (_, n) => n * 24 * 182);
  const shares = sharesOf({ type: 'time_decay' }, hours, Array<number>(200).fill(1), 24 * 364);
  for (const share of shares) expect(share.get(1)).toBeCloseTo(1, 12);
});
