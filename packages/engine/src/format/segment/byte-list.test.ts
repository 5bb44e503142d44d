import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { byteListOf, decodeByteList, encodeByteList, KnownForms, textsOf } from './byte-list.ts';
import { paddingWords, WordReader, WordWriter } from './words.ts';

function encoded(texts: readonly string[]): WordWriter {
  const writer = new WordWriter();
  encodeByteList(writer, byteListOf(texts));
  return writer;
}

function decoded(writer: WordWriter, count: number): string[] {
  const words = new Uint32Array(writer.length + paddingWords);
  words.set(writer.words.subarray(0, writer.length));
  const reader = new WordReader(words, 'test');
  const texts = textsOf(reader, decodeByteList(reader, count));
  reader.finish();
  return texts;
}

const bitsOf = (texts: readonly string[]): number => (encoded(texts).length * 32) / texts.length;

const from = (length: number, of: (i: number) => string): string[] =>
  Array.from({ length }, (_, i) => of(i));

const hex = (i: number): string => (Math.imul(i, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');

describe('a list of texts', () => {
  it.each<[string, string[]]>([
    ['none', []],
    ['one, empty', ['']],
    ['of all lengths', from(300, (i) => 'x'.repeat(i))],
    ['of one character each', from(256, (i) => String.fromCharCode(i))],
    ['long ones alike', from(40, (i) => 'prefix'.repeat(2000) + hex(i))],
    ['outside of ASCII', ['ä', 'ää', '€', '😀', 'e\u0301', '\u0000']],
    ['ids of digits', from(500, (i) => hex(i) + hex(i + 7))],
    ['ids whose last has other characters', [...from(2000, (i) => `id-${hex(i)}`), 'id-xyz01234']],
    ['ids whose last begins otherwise', [...from(2000, (i) => `id-${hex(i)}`), 'ie-01234567']],
    ...['/', ':', '@', '`', 'g', 'G', 'o', 'O', '\u0080'].map((char): [string, string[]] => [
      `hexadecimal ids, one of which has "${char}"`,
      [...from(2000, (i) => hex(i) + hex(i + 7).slice(1)), `0123456789abc${char}f`],
    ]),
    [
      'hexadecimal ids of all groups',
      from(2000, (i) => `${hex(i)}-${hex(i * 3).slice(0, 1 + (i % 7))}`),
    ],
    ['ids of two lengths, the seldom one last', [...from(2000, (i) => hex(i)), 'a-1', 'b-2']],
  ])('comes back: %s', (_, texts) => {
    expect(decoded(encoded(texts), texts.length)).toEqual(texts);
  });

  it('comes back, whatever the texts', () => {
    const texts = fc.oneof(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 60 }),
      fc
        .array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 60 })
        .map((list) => list.sort()),
      fc.array(fc.uuid(), { maxLength: 60 }),
      fc.array(fc.stringMatching(/^[a-z]{2}-[0-9]{4}$/), { maxLength: 60 }),
    );
    fc.assert(
      fc.property(texts, (list) => {
        expect(decoded(encoded(list), list.length)).toEqual(list);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });

  it('takes for ids what their places hold, dashes and fixed digits nothing', () => {
    const uuids = from(2000, (i) => {
      const [a, b, c, d] = [hex(i + 1), hex(i * 3 + 2), hex(i * 5 + 3), hex(i * 7 + 4)];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
    });
    expect(bitsOf(uuids)).toBeLessThan(122);
    expect(bitsOf(from(2000, (i) => `order-${hex(i).slice(0, 6)}`))).toBeLessThan(24.7);
    expect(bitsOf(from(2000, (i) => String(100_000 + ((i * 7919) % 900_000))))).toBeLessThan(20.5);
  });

  it('takes little for a counter, and for sorted texts with the same begin', () => {
    expect(bitsOf(from(2000, (i) => `order-${500_000 + i * 3}`))).toBeLessThan(3);
    const pages = from(
      2000,
      (i) => `https://shop.example/p/item-${String(i).padStart(4, '0')}/details`,
    );
    expect(bitsOf(pages)).toBeLessThan(40);
  });

  it('comes back in the form that another list of its lengths took', () => {
    const forms = new KnownForms();
    const uuids = from(2000, (i) => hex(i + 1) + hex(i * 3 + 2));
    const sorted = from(2000, (i) => `item-${String(i).padStart(11, '0')}`);
    const wide = from(2000, (i) => String.fromCharCode(1 + (i % 127)).repeat(16));
    for (const texts of [uuids, sorted, wide, [...uuids, 'x'.repeat(100)]]) {
      const writer = new WordWriter();
      encodeByteList(writer, byteListOf(texts), forms);
      expect(decoded(writer, texts.length)).toEqual(texts);
    }
  });
});
