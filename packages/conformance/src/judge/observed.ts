import type { QueryResult } from '@arbor/schema/result';
import type { CaseExpected, ConformanceCase } from '../cases/case-types.ts';
import { assertedTimes } from './funnel-times.ts';
import type { Judgement } from './judgements.ts';
import { observedFunnel } from './observed-funnel.ts';
import { observedInsights } from './observed-insights.ts';
import { observedRetention } from './observed-retention.ts';

/** Numbers in the shape of a case, or in the shape that `asserted` gives them. */
export type Numbers = Readonly<Record<string, unknown>>;

/**
 * What Arbor says about everything a case asserts, in the case's own shape: equal to `asserted` of the same
 * judgement where Arbor agrees.
 */
export function observed(
  result: QueryResult,
  { expected, rules }: Judgement,
  given: ConformanceCase,
): Numbers {
  if (result.type === 'funnel') return observedFunnel(result, expected, given.query);
  if (result.type === 'retention') return observedRetention(result, expected, rules);
  if (result.type === 'insights') return observedInsights(result, expected, rules);
  throw new Error(`no case asks for a ${result.type}`);
}

/** Lists of people are asked for one by one; the tolerance is no number of the report. */
const notInReport: readonly (keyof CaseExpected)[] = [
  'convertedUsers',
  'perSegmentUsers',
  'tolerance',
];

/** The numbers of a case that a report shows. */
export function asserted({ expected }: Judgement, { query }: ConformanceCase): Numbers {
  if (query.view === 'time_to_convert') return assertedTimes(expected);
  const entries = Object.entries(expected) as [keyof CaseExpected, unknown][];
  return Object.fromEntries(entries.filter(([key]) => !notInReport.includes(key)));
}
