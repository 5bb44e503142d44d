import { describe, expect, it } from 'vitest';
import { firstDeal } from './step-paths.ts';

describe('firstDeal', () => {
  it('gives each row the step that it fits', () => {
    expect(firstDeal([[2], [0], [1]])).toEqual([2, 0, 1]);
    expect(firstDeal([])).toEqual([]);
  });

  it('gives the lowest steps to the earliest rows', () => {
    expect(
      firstDeal([
        [0, 1, 2],
        [0, 1, 2],
      ]),
    ).toEqual([0, 1]);
  });

  it('leaves the step that a later row needs', () => {
    expect(firstDeal([[0, 1], [0]])).toEqual([1, 0]);
    // 0 is left for the last row, and 1 is the lowest of what the first may have then.
    expect(firstDeal([[0, 1, 2], [1, 2], [0]])).toEqual([1, 2, 0]);
    expect(firstDeal([[0, 1], [1, 2], [0, 2], [3]])).toEqual([0, 1, 2, 3]);
  });

  it('moves several later rows on where one of them must give way', () => {
    // Row 0 gets step 0 where row 1 takes 1, row 2 takes 2 and row 3 takes 3.
    expect(
      firstDeal([
        [0, 3],
        [0, 1],
        [1, 2],
        [2, 3],
      ]),
    ).toEqual([0, 1, 2, 3]);
  });

  it('deals a hundred rows that fit any step, of which one fits the first alone', () => {
    const all = Array.from({ length: 100 }, (_, step) => step);
    const rows = [...all.slice(1).map(() => all), [0]];
    expect(firstDeal(rows)).toEqual([...all.slice(1), 0]);
  });
});
