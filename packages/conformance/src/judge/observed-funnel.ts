import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import type { CaseExpected, CaseQuery } from '../cases/case-types.ts';
import { observedTimes } from './funnel-times.ts';
import type { Numbers } from './observed.ts';
import { segmentName } from './segment-name.ts';

type Steps = readonly FunnelStepResult[];

export function observedFunnel(
  result: FunnelResult,
  expected: CaseExpected,
  query: CaseQuery,
): Numbers {
  if (query.view === 'time_to_convert') return observedTimes(result);
  if (query.view === 'trends') return observedTrends(result, expected, query);
  const { steps, segments } = result;
  // Zero segments are not listed in a case.
  const listed = segments.filter((own) => (own.steps[0]?.count ?? 0) > 0);
  const bySegment = <T>(value: (steps: Steps) => T): Record<string, T> =>
    Object.fromEntries(listed.map((own) => [segmentName(own.segment), value(own.steps)]));
  const counts = (own: Steps): number[] => own.map(({ count }) => count);
  const averages = (own: Steps) => own.map((step) => seconds(step.averageFromPreviousMs));
  const medians = (own: Steps) => own.map((step) => seconds(step.medianFromPreviousMs));
  return {
    ...(expected.counts && { counts: counts(steps) }),
    ...(expected.avgTimeSeconds && { avgTimeSeconds: averages(steps) }),
    ...(expected.medianTimeSeconds && { medianTimeSeconds: medians(steps) }),
    ...(expected.perSegment && { perSegment: bySegment(counts) }),
    ...(expected.perSegmentAvgTimeSeconds && { perSegmentAvgTimeSeconds: bySegment(averages) }),
  };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** A funnel of its own in every bucket: who reached the one step, and who the other. */
function observedTrends(
  { byEntry, steps }: FunnelResult,
  expected: CaseExpected,
  { trend }: CaseQuery,
): Numbers {
  const { buckets = [], counts = [] } = byEntry ?? {};
  const { fromStep, toStep } = trend ?? { fromStep: 1, toStep: steps.length };
  const entered = counts.map((own) => own[fromStep - 1] ?? 0);
  const converted = counts.map((own) => own[toStep - 1] ?? 0);
  const rates = entered.map((own, i) => percent(converted[i], own));
  const { dates } = expected;
  return {
    ...(dates && { dates: buckets.map(({ start }) => start.slice(0, dates[0]?.length)) }),
    ...(expected.entered && { entered }),
    ...(expected.converted && { converted }),
    ...(expected.rates && { rates }),
  };
}

/** Of nobody: 0, as a case writes it. */
const percent = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
