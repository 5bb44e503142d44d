/** What charts over time draw, and what tooltips, legends and summaries say about it. */
export type ChartBucket = {
  /** For the axis. */
  readonly label: string;
  /** For the tooltip. */
  readonly title: string;
  /** Still running: drawn dashed or hatched. */
  readonly incomplete: boolean;
};

export type ChartSeries = {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  /** One a bucket; null is a gap, never zero. */
  readonly values: readonly (number | null)[];
  /** The same about the time it is compared with, bucket beside bucket. */
  readonly past?: readonly (number | null)[];
};

export type TooltipRow = {
  readonly name: string;
  readonly colour: string;
  readonly value: number;
  /** Of the time it is compared with; absent without such a comparison. */
  readonly past?: number | null;
};

export const tooltipRowsMax = 15;

/** Rows of the tooltip at a bucket, largest first, and how many more there are (UX-C6). */
export function tooltipRows(
  series: readonly ChartSeries[],
  index: number,
): { readonly rows: readonly TooltipRow[]; readonly more: number } {
  const rows = series
    .flatMap(({ name, colour, values, past }): TooltipRow[] => {
      const value = values[index];
      if (value === null || value === undefined) return [];
      return [
        { name, colour, value, ...(past === undefined ? {} : { past: past[index] ?? null }) },
      ];
    })
    .toSorted((a, b) => b.value - a.value);
  return { rows: rows.slice(0, tooltipRowsMax), more: Math.max(0, rows.length - tooltipRowsMax) };
}

export type SplitValues = {
  readonly solid: readonly (number | null)[];
  readonly dashed: readonly (number | null)[];
};

/**
 * A line is drawn solid over complete buckets and dashed over the others. The dashed part begins at
 * the last complete bucket before, so that the two meet; a gap between them stays a gap.
 */
export function splitAtIncomplete(
  values: readonly (number | null)[],
  incomplete: readonly boolean[],
): SplitValues {
  return {
    solid: values.map((value, index) => (incomplete[index] === true ? null : value)),
    dashed: values.map((value, index) =>
      incomplete[index] === true || incomplete[index + 1] === true ? value : null,
    ),
  };
}

/** "Order completed, 30 buckets from 1 Mar to 30 Mar, 120 to 184, highest 210 on 14 Mar". */
export function summarise(
  { name, values }: ChartSeries,
  buckets: readonly ChartBucket[],
  format: (value: number) => string,
): string {
  const present = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const first = present[0];
  const last = present.at(-1);
  if (first === undefined || last === undefined) return `${name}: no data`;
  const highest = present.reduce((best, entry) => (entry.value > best.value ? entry : best));
  return (
    `${name}, ${buckets.length} buckets from ${buckets[0]?.label} to ${buckets.at(-1)?.label}, ` +
    `from ${format(first.value)} to ${format(last.value)}, ` +
    `highest ${format(highest.value)} on ${buckets[highest.index]?.label}`
  );
}
