import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { EngineError } from '../../../base/errors.ts';
import { paddingWords, WordReader, WordWriter } from '../words.ts';
import { sequenceStats } from './sequence-stats.ts';
import { decodeSequence, encodeSequence, encodeWith, sequenceCodecs } from './sequence.ts';

const readerOf = (writer: WordWriter): WordReader => {
  const words = new Uint32Array(writer.length + paddingWords);
  words.set(writer.words.subarray(0, writer.length));
  return new WordReader(words, 'test');
};

function decoded(writer: WordWriter, count: number): number[] {
  const reader = readerOf(writer);
  const target = new Uint32Array(count);
  decodeSequence(reader, target);
  reader.finish();
  return [...target];
}

/** 'numbers', or the code of the error; anything else is thrown, and fails the test. */
function outcome(writer: WordWriter, count: number): string {
  try {
    decodeSequence(readerOf(writer), new Uint32Array(count));
    return 'numbers';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.code;
  }
}

const from = (length: number, of: (i: number) => number): number[] =>
  Array.from({ length }, (_, i) => of(i) >>> 0);

/** Cases by name; every codec that can hold one must give it back. */
const cases: Record<string, number[]> = {
  'one zero': [0],
  'one greatest': [0xffffffff],
  'all equal': from(300, () => 7),
  extremes: [0, 0xffffffff, 0, 1, 0x80000000, 0x7fffffff, 0xffffffff],
  'one outlier': from(1000, (i) => (i === 617 ? 0xfffffff0 : i % 3)),
  runs: from(700, (i) => Math.floor(i / 90) % 4),
  ascending: from(900, (i) => i * i),
  'ascending and dense': from(600, (i) => i + Math.floor(i / 7)),
  'ascending to the end': from(40, (i) => 0xffffffff - 39 + i),
  'up and down': from(513, (i) => 1_000_000 + (i % 2 === 0 ? i : -i)),
  'few values of many': from(5000, (i) => [3, 3, 3, 900, 3, 17, 3, i % 64][i % 8]),
  'many sizes': from(2000, (i) => 2 ** (i % 32) + (i % 7)),
};
for (let width = 1; width <= 32; width++) {
  cases[`width ${width}`] = from(67, (i) => (Math.imul(i + 1, 0x9e3779b1) >>> 0) % 2 ** width);
}
for (const length of [1, 2, 31, 32, 33, 255, 256, 257, 511, 512, 513, 8191, 8193]) {
  cases[`length ${length}`] = from(length, (i) => Math.imul(i, 0x85ebca77) >>> (i % 30));
}

describe.each(sequenceCodecs.map((codec) => [codec.name, codec] as const))('%s', (_, codec) => {
  it.each(Object.keys(cases))('gives back: %s', (name) => {
    const values = Uint32Array.from(cases[name]);
    const stats = sequenceStats(values);
    if (codec.estimate(values, stats) === Infinity) return;
    const writer = new WordWriter();
    encodeWith(codec, writer, values, { stats, depth: 0 });
    expect(writer.words[0] & 0xff).toBe(codec.id);
    expect(decoded(writer, values.length)).toEqual(cases[name]);
  });

  it('can hold one of the cases at least', () => {
    const holds = Object.values(cases).some((list) => {
      const values = Uint32Array.from(list);
      return codec.estimate(values, sequenceStats(values)) < Infinity;
    });
    expect(holds).toBe(true);
  });
});

/** Lists with the habits of real columns. */
const numbers = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 600 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000 }),
  fc.array(fc.nat({ max: 40 }), { maxLength: 600 }).map((steps) => {
    let sum = 5;
    return steps.map((step) => (sum += step));
  }),
  fc
    .array(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 400 })), { maxLength: 30 })
    .map((runs) => runs.flatMap(([value, length]) => from(length, () => value))),
  fc
    .array(fc.tuple(fc.nat({ max: 31 }), fc.nat({ max: 0xffff })), { maxLength: 2000 })
    .map((list) => list.map(([size, bits]) => (2 ** size + (bits % 2 ** size)) >>> 0)),
);

const runs = { numRuns: propertyRuns, seed: propertySeed };

describe('a sequence', () => {
  it('comes back, whatever the numbers', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const writer = new WordWriter();
        encodeSequence(writer, Uint32Array.from(list));
        expect(decoded(writer, list.length)).toEqual(list);
      }),
      runs,
    );
  });

  it('takes hardly more than its numbers do plainly', () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const writer = new WordWriter();
        encodeSequence(writer, Uint32Array.from(list));
        expect(writer.length).toBeLessThanOrEqual(list.length + 2);
      }),
      runs,
    );
  });

  it('of changed words is read or refused, never worse', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 0xffffffff }) });
    fc.assert(
      fc.property(numbers, fc.array(change, { minLength: 1, maxLength: 3 }), (list, changes) => {
        const writer = new WordWriter();
        encodeSequence(writer, Uint32Array.from(list));
        for (const { at, to } of changes) {
          if (writer.length > 0) writer.words[at % Math.min(writer.length, 12)] = to;
        }
        expect(['numbers', 'CORRUPT_SEGMENT']).toContain(outcome(writer, list.length));
      }),
      { ...runs, numRuns: 3 * propertyRuns },
    );
  });

  it('is judged by a sample when it is long, and still comes back', () => {
    const list = from(100_000, (i) => (i % 5000 === 17 ? 4_000_000_000 : (i * 7) % 100));
    const writer = new WordWriter();
    encodeSequence(writer, Uint32Array.from(list));
    expect(decoded(writer, list.length)).toEqual(list);
    expect(writer.length * 4).toBeLessThan(100_000);
  });
});

describe('what a sequence takes', () => {
  const bitsOf = (list: number[]): number => {
    const writer = new WordWriter();
    encodeSequence(writer, Uint32Array.from(list));
    return (writer.length * 32) / list.length;
  };

  it('is next to nothing for one number', () => {
    expect(bitsOf(from(10_000, () => 123_456))).toBeLessThan(0.01);
  });

  it('is what the width asks for, for even numbers', () => {
    expect(bitsOf(from(10_000, (i) => (Math.imul(i, 0x9e3779b1) >>> 0) % 1024))).toBeLessThan(10.1);
  });

  it('is not raised for all by an outlier', () => {
    expect(bitsOf(from(10_000, (i) => (i === 5000 ? 0xffffffff : i % 2)))).toBeLessThan(2);
  });

  it('is small for places far apart, and a bit for places close together', () => {
    expect(bitsOf(from(10_000, (i) => i * 1000))).toBeLessThan(0.1);
    const dense = from(20_000, (i) => i).filter((i) => (Math.imul(i, 0x9e3779b1) >>> 0) % 10 < 7);
    expect(bitsOf(dense)).toBeLessThan(1.6);
  });

  it('is near the entropy for values of which few are frequent', () => {
    const skewed = from(20_000, (i) =>
      Math.floor(((Math.imul(i, 0x9e3779b1) >>> 0) / 2 ** 32) ** 6 * 4096),
    );
    expect(bitsOf(skewed)).toBeLessThan(10.5);
  });
});
