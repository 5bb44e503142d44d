import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { atOnce } from '../../base/slices.ts';
import { encodeValues } from './encode-values.ts';
import { lowerAscii, markContaining } from './text-search.ts';

function found(needle: string, texts: readonly string[]): number[] {
  const encoded = atOnce(encodeValues([null, ...texts], undefined));
  const verdicts = new Uint8Array(texts.length + 1);
  atOnce(markContaining(needle, encoded.texts, verdicts));
  return [...verdicts.subarray(1)];
}

test('finds texts whatever their case', () => {
  expect(found('da l', ['Ada Lovelace', 'ADA LIND', 'adal', ''])).toEqual([1, 1, 0, 0]);
});

test('does not find what begins in one text and ends in the next', () => {
  expect(found('ab', ['xa', 'bx', 'ab', 'a', 'b'])).toEqual([0, 0, 1, 0, 0]);
  expect(found('aa', ['a', 'aa', 'a', 'xaax'])).toEqual([0, 1, 0, 1]);
});

test('finds letters beyond ASCII in the case of the language', () => {
  expect(found('zoë', ['ZOË', 'Zoe', 'zoë'])).toEqual([1, 0, 1]);
});

test('makes only A to Z small', () => {
  const words = new Int32Array(2);
  const bytes = Buffer.from(words.buffer);
  bytes.write('@AZ[`az{');
  expect(lowerAscii(words, 2)).toBe(true);
  expect(bytes.toString()).toBe('@az[`az{');
  bytes.write('é');
  expect(lowerAscii(words, 2)).toBe(false);
});

test(`finds what a search in each text finds (seed ${propertySeed})`, () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'B', 'b', 'É', 'é', '李', ' '),
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      text.filter((needle) => needle !== ''),
      fc.array(text, { maxLength: 20 }),
      (needle, texts) => {
        const small = needle.toLowerCase();
        const expected = texts.map((one) => Number(one.toLowerCase().includes(small)));
        expect(found(small, texts)).toEqual(expected);
      },
    ),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

test('goes on where a dictionary only grew, and begins anew where it is another one', () => {
  const known = atOnce(encodeValues([null, 'one', 2], undefined));
  const grown = atOnce(encodeValues([null, 'one', 2, 'three'], known));
  expect(Buffer.from(grown.texts.bytes).toString()).toBe('onethree');
  expect([...grown.texts.ends]).toEqual([0, 3, 3, 8]);
  const other = atOnce(encodeValues([null, 'four', 2, 'three'], known));
  expect(Buffer.from(other.texts.bytes).toString()).toBe('fourthree');
});
