import { expect, test } from 'vitest';
import { GrowableUint32 } from '../../base/growable.ts';
import { otherSlots } from './segment-slots.ts';

const segment = (text: string) => ({ type: 'string' as const, text });

test('what lies in any segment that is not listed is once in that of all others', () => {
  const index = {
    segments: ['a', 'b', 'c'].map(segment),
    starts: Uint32Array.of(0, 1, 2, 5, 5),
    slots: Uint32Array.of(0, 1, 0, 1, 2),
  };
  const codes = Uint32Array.of(3, 0);
  const others = otherSlots({ index, codesOf: () => codes }, ['string:a']);
  expect(others.index.segments).toEqual([{ type: 'other', text: '(other)' }]);
  expect(
    [0, 1, 2, 3].map((code) => others.index.starts[code + 1] - others.index.starts[code]),
  ).toEqual([0, 1, 1, 0]);
  const things = {
    count: 2,
    users: new GrowableUint32(),
    values: new GrowableUint32(),
    valueCount: 1,
  };
  expect(others.codesOf(things)).toBe(codes);
});
