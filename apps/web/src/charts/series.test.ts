import { describe, expect, it } from 'vitest';
import { splitAtIncomplete, summarise, tooltipRows, type ChartSeries } from './series.ts';

const series = (name: string, ...values: (number | null)[]): ChartSeries => ({
  key: name,
  name,
  colour: 'red',
  values,
});

describe('tooltipRows', () => {
  it('sorts by value and leaves out what has none', () => {
    const { rows } = tooltipRows([series('a', 1), series('b', null), series('c', 5)], 0);
    expect(rows.map((row) => row.name)).toEqual(['c', 'a']);
  });

  it('says how many do not fit', () => {
    const many = Array.from({ length: 22 }, (_, i) => series(`s${i}`, i));
    const { rows, more } = tooltipRows(many, 0);
    expect(rows).toHaveLength(15);
    expect(more).toBe(7);
  });
});

describe('splitAtIncomplete', () => {
  it('joins the dashed part to the last complete bucket', () => {
    expect(splitAtIncomplete([1, 2, 3], [false, false, true])).toEqual({
      solid: [1, 2, null],
      dashed: [null, 2, 3],
    });
  });

  it('keeps gaps', () => {
    expect(splitAtIncomplete([1, null, 3], [false, false, true]).dashed).toEqual([null, null, 3]);
  });
});

describe('summarise', () => {
  const buckets = ['1 Mar', '2 Mar', '3 Mar'].map((label) => ({
    label,
    title: label,
    incomplete: false,
  }));

  it('tells range, ends and the highest', () => {
    expect(summarise(series('Purchase', 120, 210, 184), buckets, String)).toBe(
      'Purchase, 3 buckets from 1 Mar to 3 Mar, from 120 to 184, highest 210 on 2 Mar',
    );
  });

  it('tells when there is nothing', () => {
    expect(summarise(series('Purchase', null, null, null), buckets, String)).toBe(
      'Purchase: no data',
    );
  });
});
