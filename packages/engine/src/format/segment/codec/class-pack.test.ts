import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import { EngineError } from '../../../base/errors.ts';
import { paddingWords, WordReader, WordWriter } from '../words.ts';
import { kernelCountMin } from './class-pack-kernel.ts';
import { classPackCodec } from './class-pack.ts';
import { decodeSequence, encodeWith } from './sequence.ts';
import { sequenceStats } from './sequence-stats.ts';

function encoded(values: Uint32Array): Uint32Array {
  const writer = new WordWriter();
  encodeWith(classPackCodec, writer, values, { stats: sequenceStats(values), depth: 0 });
  const words = new Uint32Array(writer.length + paddingWords);
  words.set(writer.words.subarray(0, writer.length));
  return words;
}

function decoded(words: Uint32Array, count: number): Uint32Array {
  const target = new Uint32Array(count);
  decodeSequence(new WordReader(words, 'numbers'), target);
  return target;
}

/** 'numbers', or the code of the error; anything else is thrown, and fails the test. */
function outcome(words: Uint32Array, count: number): string {
  try {
    decoded(words, count);
    return 'numbers';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.code;
  }
}

/** Numbers of all sizes up to so many bits, always the same. */
function spread(count: number, bits: number, seed = 1): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const width = state % (bits + 1);
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return width === 0 ? 0 : state >>> (32 - width);
  });
}

describe('class-pack of long sequences', () => {
  const count = 3 * kernelCountMin;

  it.each([
    ['of all sizes', spread(count, 32)],
    ['that are small', spread(count, 3)],
    ['that are large', spread(count, 32).map((value) => value | 0x8000_0000)],
    ['that are all 0', new Uint32Array(count)],
    ['of an odd number', spread(count + 1, 20)],
    ['whose first half is much longer than the other', halves(0xffff_ffff, 0)],
    ['whose second half is much longer than the other', halves(0, 0xffff_ffff)],
    ['just as many as WebAssembly decodes', spread(kernelCountMin, 27)],
    ['one too few for it', spread(kernelCountMin - 1, 27)],
  ])('gives back numbers %s', (_, values) => {
    expect(decoded(encoded(values), values.length)).toEqual(values);
  });

  it('gives back any numbers', () => {
    const lengths = fc.integer({ min: kernelCountMin - 10, max: kernelCountMin * 2 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 32 }), fc.nat(), (length, bits, seed) => {
        const values = spread(length, bits, seed);
        expect(decoded(encoded(values), length)).toEqual(values);
      }),
      { numRuns: propertyRuns / 10, seed: propertySeed },
    );
  });

  it('refuses damaged words, or makes other numbers of them', () => {
    const values = spread(kernelCountMin + 100, 27);
    const words = encoded(values);
    const places = fc.integer({ min: 1, max: words.length - paddingWords - 1 });
    const damages = fc.array(fc.tuple(places, fc.integer()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damages, (changes) => {
        const damaged = words.slice();
        for (const [place, word] of changes) damaged[place] = word;
        expect(['numbers', 'CORRUPT_SEGMENT']).toContain(outcome(damaged, values.length));
      }),
      { numRuns: propertyRuns / 5, seed: propertySeed },
    );
  });

  it('says so when codes end before their numbers do', () => {
    const values = new Uint32Array(count).fill(3);
    const words = encoded(values.subarray(0, kernelCountMin));
    expect(() => decoded(words, count)).toThrow('codes end before their numbers do');
  });

  function halves(first: number, second: number): Uint32Array {
    // Both kinds in each half, so that both have codes.
    return Uint32Array.from({ length: count }, (_, i) => {
      const isFirst = i < count / 2;
      return (i % 100 === 0) === isFirst ? second : first;
    });
  }
});
