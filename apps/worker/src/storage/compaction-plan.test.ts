import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planMerge } from './compaction-plan.ts';

const files = (...sizes: number[]) =>
  sizes.map((bytes, n) => ({ key: String(n), bytes, rowCount: bytes }));
const plan = (sizes: number[], rules: Partial<Parameters<typeof planMerge>[1]> = {}): string =>
  planMerge(files(...sizes), { countMax: 4, rowsMax: 1000, isQuiet: false, ...rules })
    .map(({ key }) => key)
    .join('');

describe('merging the files of a day', () => {
  it('leaves few files while more may come', () => {
    expect(plan([])).toBe('');
    expect(plan([9])).toBe('');
    expect(plan([9, 9, 9])).toBe('');
  });

  it('merges the newest, back to one that is much larger', () => {
    expect(plan([9, 9, 9, 9])).toBe('0123');
    expect(plan([500, 9, 9, 9])).toBe('123');
    expect(plan([500, 100, 9, 9])).toBe('23');
    expect(plan([500, 30, 9, 9])).toBe('123');
  });

  it('merges two at least, so that their number goes down', () => {
    expect(plan([900, 300, 90, 9])).toBe('23');
  });

  it('merges all of a quiet day', () => {
    expect(plan([900, 9], { isQuiet: true })).toBe('01');
    expect(plan([9], { isQuiet: true })).toBe('');
  });

  it('never takes more rows at once than fit', () => {
    expect(plan([900, 200, 9], { isQuiet: true })).toBe('12');
    expect(plan([900, 200], { isQuiet: true })).toBe('');
  });

  it('rewrites each byte few times, and keeps few files, however many come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 100 }), (sizes) => {
        let kept: { key: string; bytes: number; rowCount: number }[] = [];
        let written = 0;
        for (const bytes of sizes) {
          kept.push({ key: '', bytes, rowCount: 0 });
          const merged = planMerge(kept, { countMax: 4, rowsMax: 1e9, isQuiet: false });
          if (merged.length === 0) continue;
          const sum = merged.reduce((total, one) => total + one.bytes, 0);
          written += sum;
          kept = [
            ...kept.slice(0, kept.length - merged.length),
            { key: '', bytes: sum, rowCount: 0 },
          ];
          expect(kept.length).toBeLessThan(4);
        }
        const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
        expect(written).toBeLessThan(total * 2 * Math.log2(sizes.length * 20));
      }),
    );
  });
});
