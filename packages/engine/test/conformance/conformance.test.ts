import { describe, expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type {
  FunnelResult,
  FunnelStepResult,
  InsightsResult,
  RetentionResult,
} from '@arbor/schema/result';
import { planQuery } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { hasConformanceCases, readCases } from './case-types.ts';
import type { CaseCohort, CaseExpected, ConformanceCase } from './case-types.ts';
import { expectedUnderOurRules } from './our-rules.ts';
import { missingFeature, toQuery, toWorld } from './translate.ts';

const cases = readCases();
const judged = cases.flatMap((given) => {
  if (missingFeature(given) !== undefined) return [];
  const expected = expectedUnderOurRules(given);
  return expected ? [{ given, expected, title: `${given.id}: ${given.notes}` }] : [];
});

// The cases lie beside the repository, not in it: where they are missing there is nothing to compare.
describe.runIf(hasConformanceCases)('conformance cases', () => {
  test.each(judged)('$title', ({ given, expected }) => {
    const query = toQuery(given);
    const result = ask(buildViews(toWorld(given), 3), query, contextOf(given));
    switch (result.type) {
      case 'funnel':
        checkFunnel(result, expected);
        break;
      case 'retention':
        checkRetention(result, expected);
        break;
      case 'insights':
        checkInsights(result, given, expected);
    }
  });

  test('leaves out only what the query language does not have or decides otherwise', () => {
    const reasons: Record<string, number> = {};
    for (const given of cases) {
      const other = expectedUnderOurRules(given) ? undefined : 'other choice, no numbers for ours';
      const reason = missingFeature(given) ?? other ?? 'judged';
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    expect(reasons).toMatchInlineSnapshot(`
      {
        "attribution": 8,
        "brackets": 7,
        "compare to past": 2,
        "cumulative": 3,
        "exclusions": 7,
        "first time ever": 14,
        "formula": 13,
        "funnel of one step": 1,
        "judged": 59,
        "other choice, no numbers for ours": 3,
        "retention by the hour": 2,
        "segment for the rest": 4,
        "several breakdowns": 2,
        "strict order": 7,
        "unordered order": 4,
        "view time_to_convert": 3,
        "view trends": 4,
        "window of active users that ends with the hour": 1,
      }
    `);
  });
});

const weekStarts: Readonly<Record<string, number>> = { monday: 1, sunday: 7 };

/** "On or after" of a case observes its range alone: the question is asked at its last instant. */
function contextOf({ query, report, timezone, ...given }: ConformanceCase) {
  const weekStart = weekStarts[query.weekStart ?? 'sunday'];
  const context = { ...later, timezone, weekStart };
  if (query.criteria !== 'on_or_after') return context;
  const plan = planQuery(
    querySchema.parse(toQuery({ query, report, timezone, ...given })),
    context,
  );
  return { ...context, nowMs: plan.endMs - 1 };
}

function checkFunnel({ steps, segments }: FunnelResult, expected: CaseExpected): void {
  if (expected.counts) expect(counts(steps)).toEqual(expected.counts);
  if (expected.avgTimeSeconds) expect(averages(steps)).toEqual(expected.avgTimeSeconds);
  if (expected.medianTimeSeconds) {
    expect(steps.map((step) => seconds(step.medianFromPreviousMs))).toEqual(
      expected.medianTimeSeconds,
    );
  }
  if (expected.perSegment) {
    expect(bySegment(segments, (own) => counts(own.steps))).toEqual(expected.perSegment);
  }
  for (const [segment, times] of Object.entries(expected.perSegmentAvgTimeSeconds ?? {})) {
    expect(bySegment(segments, (own) => averages(own.steps))[segment]).toEqual(times);
  }
}

function bySegment<T extends { segment: { text: string } }, V>(
  segments: readonly T[],
  value: (segment: T) => V,
): Record<string, V> {
  return Object.fromEntries(segments.map((own) => [own.segment.text, value(own)]));
}

const counts = (steps: readonly FunnelStepResult[]) => steps.map(({ count }) => count);
const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
const averages = (steps: readonly FunnelStepResult[]) =>
  steps.map(({ averageFromPreviousMs }) => seconds(averageFromPreviousMs));

/** Column 0 is compared as a size; our interval 0 wants a return (6.1). */
function checkRetention(result: RetentionResult, expected: CaseExpected): void {
  if (expected.cohorts) checkCohorts(result, expected.cohorts);
  for (const [segment, table] of Object.entries(expected.perSegment ?? {})) {
    const own = result.segments.find(({ segment: { text } }) => text === segment);
    expect(own, `segment ${segment}`).toBeDefined();
    if (own) checkCohorts(own, (table as { cohorts: CaseCohort[] }).cohorts);
  }
}

function checkCohorts(
  { cohorts }: Pick<RetentionResult, 'cohorts'>,
  expected: readonly CaseCohort[],
): void {
  for (const { date, size, counts: wanted } of expected) {
    const cohort = cohorts.find(({ bucket }) => bucket.start.startsWith(date));
    const actual = wanted.map((count, n) => (count === null ? null : (cohort?.counts[n] ?? null)));
    expect({ date, size: cohort?.size, counts: actual.slice(1) }).toEqual({
      date,
      size,
      counts: wanted.slice(1),
    });
  }
}

function checkInsights(
  { buckets, series }: InsightsResult,
  { query, alternatives }: ConformanceCase,
  expected: CaseExpected,
): void {
  if (expected.dates) {
    const length = expected.dates[0].length;
    expect(buckets.map(({ start }) => start.slice(0, length))).toEqual(expected.dates);
  }
  const emptyIsNull = expected === alternatives?.['emptyBucket=null'];
  const rows = (lines: InsightsResult['series']) =>
    lines
      .map(({ values, total }) => (query.interval === 'total' ? [total] : values))
      .map((values) => values.map((value) => (emptyIsNull ? value : (value ?? 0))));
  const sums = (lines: InsightsResult['series']) =>
    rows(lines).map((row) => row.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  const overall = series.filter(({ segment }) => segment === null);
  const ofSegment = (name: string) => series.filter(({ segment }) => segment?.text === name);
  const tolerance = expected.tolerance ?? 1e-9;
  if (expected.values) expectNear(rows(overall), expected.values, tolerance);
  if (expected.sums) expect(sums(overall)).toEqual(expected.sums);
  for (const [segment, wanted] of Object.entries(expected.perSegment ?? {})) {
    expect(rows(ofSegment(segment))).toEqual(wanted);
  }
  for (const [segment, wanted] of Object.entries(expected.perSegmentSums ?? {})) {
    expect(sums(ofSegment(segment))).toEqual(wanted);
  }
}

function expectNear(
  actual: readonly (readonly (number | null)[])[],
  wanted: readonly (readonly (number | null)[])[],
  tolerance: number,
): void {
  const near = wanted.map((row, i) =>
    row.map((value, j) => {
      const own = actual[i][j];
      return value !== null && own !== null && Math.abs(own - value) <= tolerance ? own : value;
    }),
  );
  expect(actual).toEqual(near);
}
