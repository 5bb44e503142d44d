import type { RetentionResult } from '@arbor/schema/result';
import type { CaseCohort, CaseExpected } from '../cases/case-types.ts';
import type { Numbers } from './observed.ts';
import type { Rules } from './rules.ts';
import { segmentName } from './segment-name.ts';

type Cohorts = RetentionResult['cohorts'];

export function observedRetention(
  result: RetentionResult,
  expected: CaseExpected,
  rules: Rules,
): Numbers {
  const segments = Object.entries(expected.perSegment ?? {}).map(([name, table]) => {
    const own = result.segments.find(({ segment }) => segmentName(segment) === name);
    const wanted = (table as { cohorts: CaseCohort[] }).cohorts;
    return [name, own && { cohorts: listedCohorts(own.cohorts, wanted, rules) }];
  });
  return {
    ...(expected.cohorts && { cohorts: listedCohorts(result.cohorts, expected.cohorts, rules) }),
    ...(expected.perSegment && { perSegment: Object.fromEntries(segments) }),
  };
}

/**
 * The listed cohorts and columns; columns that are null in the case are not asserted. Where column 0 repeats the
 * size it is left out, because our interval 0 wants a return.
 */
function listedCohorts(
  cohorts: Cohorts,
  wanted: readonly CaseCohort[],
  { zero }: Rules,
): CaseCohort[] {
  const isLeftOut = (n: number): boolean => n === 0 && zero === 'size';
  return wanted.map(({ date, counts }) => {
    const own = cohorts.find(({ bucket }) => bucket.start.startsWith(date));
    return {
      date,
      size: own?.size ?? 0,
      counts: counts.map((count, n) =>
        count === null || isLeftOut(n) ? count : (own?.counts[n] ?? null),
      ),
    };
  });
}
