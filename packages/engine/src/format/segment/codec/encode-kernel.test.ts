import { describe, expect, it } from 'vitest';
import {
  charactersOfTexts,
  kernelNumbersMax,
  numbersOfTexts,
  shapedBytesMax,
} from './encode-kernel.ts';
import { rangeOf } from './sequence-stats.ts';

/** Numbers of 32 bits, always the same. */
function someNumbers(count: number): Uint32Array {
  let state = 7;
  return Uint32Array.from(
    { length: count },
    () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0),
  );
}

describe('the range of numbers', () => {
  it.each([1, 3, 127, 128, 131, kernelNumbersMax, kernelNumbersMax + 1, 3 * kernelNumbersMax + 5])(
    'holds of %i',
    (count) => {
      const values = someNumbers(count);
      const sorted = values.slice().sort();
      expect(rangeOf(values)).toEqual({ min: sorted[0], max: sorted[count - 1] });
      // Wherever the greatest and the least lie, the last places included.
      for (const place of [0, count >>> 1, count - 1]) {
        const other = values.slice().fill(77);
        other[place] = 0xffff_ffff;
        expect(rangeOf(other).max).toBe(0xffff_ffff);
        other[place] = 1;
        expect(rangeOf(other).min).toBe(1);
      }
    },
  );

  it('is 0 of none', () => {
    expect(rangeOf(new Uint32Array(0))).toEqual({ min: 0, max: 0 });
  });
});

describe('the numbers of texts', () => {
  const chars = (text: string): Uint8Array => Buffer.from(text, 'latin1');

  /** So many texts "a-<four digits>" with `gap` other bytes between. */
  function texts(count: number, gap: number): { bytes: Uint8Array; starts: Uint32Array } {
    const all = Array.from({ length: count }, (_, i) => `a-${String(i).padStart(4, '0')}`);
    const length = 6 + gap;
    return {
      bytes: chars(all.map((text) => text + '?'.repeat(gap)).join('')),
      starts: Uint32Array.from(all, (_, i) => i * length),
    };
  }

  const decimal = chars('0123456789');
  const shape = {
    alphabets: [chars('a'), chars('-'), ...Array.from({ length: 4 }, () => decimal)],
    groups: [
      { start: 2, end: 3 },
      { start: 3, end: 6 },
    ],
  };

  it.each([
    [0, 0],
    [1, 0],
    [512, 0],
    [1300, 5],
    [3000, 100],
    // Each text alone.
    [3, 40_000],
  ])('are those of the digits: %i texts, %i bytes apart', (count, gap) => {
    const found = numbersOfTexts(texts(count, gap), shape);
    const numbers = Array.from({ length: count }, (_, i) => i);
    expect(found).toEqual([
      Uint32Array.from(numbers, (i) => Math.floor(i / 1000)),
      Uint32Array.from(numbers, (i) => i % 1000),
    ]);
  });

  it.each([
    ['at a place of a digit', 4, 'x'],
    ['at a place where all texts have one', 1, '+'],
  ])('are none where a text has another character %s', (_, place, char) => {
    for (const text of [0, 700, 999]) {
      const { bytes, starts } = texts(1000, 3);
      bytes[starts[text] + place] = char.charCodeAt(0);
      expect(numbersOfTexts({ bytes, starts }, shape)).toBeNull();
    }
  });

  it('has room for the longest texts with the most groups', () => {
    const two = chars('01');
    const alphabets = Array.from({ length: shapedBytesMax }, (_, place) =>
      place % 2 === 0 ? two : chars('.'),
    );
    const groups = alphabets.flatMap((_, place) =>
      place % 2 === 0 ? [{ start: place, end: place + 1 }] : [],
    );
    const count = 1025;
    const bytes = chars('0.'.repeat((shapedBytesMax / 2) * count));
    const starts = Uint32Array.from({ length: count }, (_, i) => i * shapedBytesMax);
    bytes[starts[1024] + 62] = 0x31;
    const found = numbersOfTexts({ bytes, starts }, { alphabets, groups });
    expect(found).toHaveLength(32);
    expect(found?.map((numbers) => numbers.indexOf(1))).toEqual([
      ...Array.from({ length: 31 }, () => -1),
      1024,
    ]);
  });
});

describe('the characters of texts', () => {
  it('are told by place, also of more texts than are copied at once', () => {
    const count = 1500;
    const length = 3;
    const bytes = new Uint8Array(count * length).fill(0x61);
    const starts = Uint32Array.from({ length: count }, (_, i) => i * length);
    for (let i = 0; i < count; i++) bytes[starts[i] + 1] = i;
    bytes[starts[count - 1] + 2] = 0xff;
    bytes[starts[600] + 2] = 0;
    expect(charactersOfTexts({ bytes, starts }, length)).toEqual([
      Uint8Array.of(0x61),
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      Uint8Array.of(0, 0x61, 0xff),
    ]);
    // What was noted before is forgotten.
    const first = { bytes, starts: starts.subarray(0, 2) };
    expect(charactersOfTexts(first, length)).toEqual([
      Uint8Array.of(0x61),
      Uint8Array.of(0, 1),
      Uint8Array.of(0x61),
    ]);
  });

  it('are none of no places', () => {
    expect(charactersOfTexts({ bytes: new Uint8Array(0), starts: Uint32Array.of(0) }, 0)).toEqual(
      [],
    );
  });
});
