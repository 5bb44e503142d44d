import { describe, expect, it } from 'vitest';
import { classCount, codeLengthMax, codeLengths, decodingTable } from './class-code.ts';

const countsOf = (of: (c: number) => number): Uint32Array =>
  Uint32Array.from({ length: classCount }, (_, c) => of(c));

describe('codes of classes', () => {
  it('are shorter for what is more frequent', () => {
    const lengths = codeLengths(countsOf((c) => [50, 25, 13, 12][c] ?? 0));
    expect([...lengths.subarray(0, 5)]).toEqual([1, 2, 3, 3, 0]);
  });

  it('have one bit for the only class', () => {
    const lengths = codeLengths(countsOf((c) => (c === 7 ? 9 : 0)));
    expect(lengths[7]).toBe(1);
    expect(decodingTable(lengths)).not.toBeNull();
  });

  it('never get longer than the table has bits, however seldom a class is', () => {
    const lengths = codeLengths(countsOf((c) => 2 ** Math.min(31, c)));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(codeLengthMax);
    expect(decodingTable(lengths)).not.toBeNull();
  });

  it('are refused where they leave a bit pattern without meaning, or give it two', () => {
    expect(
      decodingTable(Uint8Array.from({ length: classCount }, (_, c) => (c < 2 ? 2 : 0))),
    ).toBeNull();
    expect(
      decodingTable(Uint8Array.from({ length: classCount }, (_, c) => (c < 3 ? 1 : 0))),
    ).toBeNull();
    expect(
      decodingTable(Uint8Array.from({ length: classCount }, (_, c) => (c === 0 ? 11 : 0))),
    ).toBeNull();
    expect(decodingTable(new Uint8Array(classCount))).toBeNull();
  });
});
