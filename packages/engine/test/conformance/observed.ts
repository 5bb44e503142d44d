import type {
  FunnelResult,
  FunnelStepResult,
  InsightsResult,
  QueryResult,
  RetentionResult,
} from '@arbor/schema/result';
import type { CaseCohort, CaseExpected, ConformanceCase } from './case-types.ts';

/**
 * What Arbor says about everything the case asserts, in the case's own shape: equal to `asserted` of the
 * same case where Arbor agrees.
 */
export function observed(
  result: QueryResult,
  given: ConformanceCase,
  expected: CaseExpected,
): CaseExpected {
  switch (result.type) {
    case 'funnel':
      return observedFunnel(result, expected);
    case 'retention':
      return observedRetention(result, expected);
    case 'insights':
      return observedInsights(result, given, expected);
    case 'cohort':
      throw new Error('no case asks for a cohort');
  }
}

/** The part of a case's numbers that a report shows; users by name are not in it. */
export function asserted(expected: CaseExpected): CaseExpected {
  const shown: readonly (keyof CaseExpected)[] = [
    'counts',
    'avgTimeSeconds',
    'medianTimeSeconds',
    'perSegment',
    'perSegmentAvgTimeSeconds',
    'perSegmentSums',
    'cohorts',
    'dates',
    'values',
    'sums',
  ];
  return Object.fromEntries(
    shown.filter((key) => expected[key] !== undefined).map((key) => [key, expected[key]]),
  );
}

function observedFunnel({ steps, segments }: FunnelResult, expected: CaseExpected): CaseExpected {
  const bySegment = <T>(value: (steps: readonly FunnelStepResult[]) => T): Record<string, T> =>
    Object.fromEntries(segments.map((own) => [own.segment.text, value(own.steps)]));
  const counts = (own: readonly FunnelStepResult[]) => own.map(({ count }) => count);
  const averages = (own: readonly FunnelStepResult[]) =>
    own.map((step) => seconds(step.averageFromPreviousMs));
  return {
    ...(expected.counts && { counts: counts(steps) }),
    ...(expected.avgTimeSeconds && { avgTimeSeconds: averages(steps) }),
    ...(expected.medianTimeSeconds && {
      medianTimeSeconds: steps.map((step) => seconds(step.medianFromPreviousMs)),
    }),
    ...(expected.perSegment && { perSegment: bySegment(counts) }),
    ...(expected.perSegmentAvgTimeSeconds && { perSegmentAvgTimeSeconds: bySegment(averages) }),
  };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

function observedRetention(result: RetentionResult, expected: CaseExpected): CaseExpected {
  const segments = Object.entries(expected.perSegment ?? {}).map(([name, table]) => {
    const own = result.segments.find(({ segment }) => segment.text === name);
    const wanted = (table as { cohorts: CaseCohort[] }).cohorts;
    return [name, own && { cohorts: observedCohorts(own.cohorts, wanted) }];
  });
  return {
    ...(expected.cohorts && { cohorts: observedCohorts(result.cohorts, expected.cohorts) }),
    ...(expected.perSegment && { perSegment: Object.fromEntries(segments) }),
  };
}

/** The listed cohorts and columns. Column 0 repeats the size in a case; our interval 0 wants a return. */
function observedCohorts(
  cohorts: RetentionResult['cohorts'],
  expected: readonly CaseCohort[],
): CaseCohort[] {
  return expected.map(({ date, counts }) => {
    const own = cohorts.find(({ bucket }) => bucket.start.startsWith(date));
    return {
      date,
      size: own?.size ?? NaN,
      counts: counts.map((count, n) =>
        count === null || n === 0 ? count : (own?.counts[n] ?? null),
      ),
    };
  });
}

function observedInsights(
  { buckets, series }: InsightsResult,
  { query, alternatives }: ConformanceCase,
  expected: CaseExpected,
): CaseExpected {
  // "No numbers: 0", but where the case says so.
  const emptyIsNull = expected === alternatives?.['emptyBucket=null'];
  const rows = (lines: InsightsResult['series']) =>
    lines.map(({ values, total }) =>
      (query.interval === 'total' ? [total] : values).map((own) =>
        emptyIsNull ? own : (own ?? 0),
      ),
    );
  const sums = (lines: InsightsResult['series']) =>
    rows(lines).map((row) => row.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  const bySegment = <T>(names: object, value: (lines: InsightsResult['series']) => T) =>
    Object.fromEntries(
      Object.keys(names).map((name) => [
        name,
        value(series.filter(({ segment }) => segment?.text === name)),
      ]),
    );
  const overall = series.filter(({ segment }) => segment === null);
  const { dates, values, perSegment, perSegmentSums, tolerance = 1e-9 } = expected;
  return {
    ...(dates && { dates: buckets.map(({ start }) => start.slice(0, dates[0].length)) }),
    ...(values && { values: snapped(rows(overall), values, tolerance) }),
    ...(expected.sums && { sums: sums(overall) }),
    ...(perSegment && { perSegment: bySegment(perSegment, rows) }),
    ...(perSegmentSums && { perSegmentSums: bySegment(perSegmentSums, sums) }),
  };
}

/** Numbers within the tolerance of what is wanted become it. */
function snapped(
  rows: readonly (readonly (number | null)[])[],
  wanted: readonly (readonly (number | null)[])[],
  tolerance: number,
): (number | null)[][] {
  return rows.map((row, i) =>
    row.map((value, j) => {
      const near = wanted[i]?.[j];
      if (value === null || near === null || near === undefined) return value;
      return Math.abs(value - near) <= tolerance ? near : value;
    }),
  );
}
