import type { InsightsResult } from '@arbor/schema/result';
import type { CaseExpected } from '../cases/case-types.ts';
import type { Numbers } from './observed.ts';
import type { Rules } from './rules.ts';
import { segmentName } from './segment-name.ts';

type Lines = InsightsResult['series'];
type Rows = readonly (readonly (number | null)[])[];

/** A formula has one row, and its metrics are not asserted then. */
export function observedInsights(
  result: InsightsResult,
  expected: CaseExpected,
  rules: Rules,
): Numbers {
  const { comparison } = result;
  const formula = Math.max(...result.series.map(({ metric }) => metric));
  const isShown = ({ metric }: Lines[number]): boolean => !hasFormula(result) || metric === formula;
  const shown = (series: Lines): Lines => series.filter(isShown);
  const { previous } = expected;
  // A formula has no number where it divides by zero, and where the bucket is empty: a case says which is 0.
  const divides = hasFormula(result) && rules.divZero === 'null';
  const now: Part = { buckets: result.buckets, series: shown(result.series), divides };
  const then: Part = {
    buckets: comparison?.buckets ?? [],
    series: shown(comparison?.series ?? []),
    divides,
  };
  return {
    ...numbersOf(now, expected, rules, segmentsWithNumbers(now)),
    // A case names what it likes of the time before.
    ...(previous && { previous: numbersOf(then, previous, rules, []) }),
  };
}

/** Formulas are numbered after the metrics, of which alone segments are counted. */
function hasFormula({ series, segmentCounts }: InsightsResult): boolean {
  return series.some(({ metric }) => metric >= segmentCounts.length);
}

interface Part {
  readonly buckets: InsightsResult['buckets'];
  readonly series: Lines;
  /** No value is as good as the 0 or the none that the case wants. */
  readonly divides: boolean;
}

/** Segments of a case without a number are not listed, and all others are. */
function segmentsWithNumbers({ series }: Part): string[] {
  return series.flatMap(({ segment, values }) =>
    segment !== null && values.some((value) => Boolean(value)) ? [segmentName(segment)] : [],
  );
}

function numbersOf(
  { buckets, series, divides }: Part,
  expected: CaseExpected,
  { emptyBucket }: Rules,
  segments: readonly string[],
): Numbers {
  const { dates, values, perSegment, perSegmentSums, tolerance = 1e-9 } = expected;
  const shown = (value: number | null) => (emptyBucket === 'null' ? value : (value ?? 0));
  const rows = (lines: Lines): Rows => lines.map((line) => line.values.map(shown));
  const bySegment = <T>(wanted: object, of: (lines: Lines, name: string) => T): Record<string, T> =>
    Object.fromEntries(
      [...new Set([...Object.keys(wanted), ...segments])].map((name) => [
        name,
        of(linesOf(series, name), name),
      ]),
    );
  const overall = series.filter(({ segment }) => segment === null);
  return {
    ...(dates && { dates: buckets.map(({ start }) => start.slice(0, dates[0]?.length)) }),
    ...(values && {
      values: snapped(divides ? eitherEmpty(overall, values) : rows(overall), values, tolerance),
    }),
    ...(expected.sums && { sums: sumsOf(rows(overall)) }),
    ...(perSegment && {
      perSegment: bySegment(perSegment, (lines, name) =>
        snapped(rows(lines), (perSegment[name] ?? []) as Rows, tolerance),
      ),
    }),
    ...(perSegmentSums && {
      perSegmentSums: bySegment(perSegmentSums, (lines) => sumsOf(rows(lines))),
    }),
  };
}

function linesOf(series: Lines, name: string): Lines {
  return series.filter(({ segment }) => segment !== null && segmentName(segment) === name);
}

function eitherEmpty(lines: Lines, wanted: Rows): Rows {
  return lines.map((line, i) =>
    line.values.map((value, j) => (value === null && wanted[i]?.[j] !== null ? 0 : value)),
  );
}

const sumsOf = (rows: Rows): number[] =>
  rows.map((row) => row.reduce<number>((sum, value) => sum + (value ?? 0), 0));

/** Numbers within the tolerance of what is wanted become it. */
function snapped(rows: Rows, wanted: Rows, tolerance: number): Rows {
  return rows.map((row, i) =>
    row.map((value, j) => {
      const near = wanted[i]?.[j];
      if (value === null || near === null || near === undefined) return value;
      return Math.abs(value - near) <= tolerance ? near : value;
    }),
  );
}
