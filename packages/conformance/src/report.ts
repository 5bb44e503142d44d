import type { Difference } from './judge/differences.ts';
import type { Failure, Verdict } from './judge/verdict.ts';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

export function totalsOf(verdicts: readonly Verdict[]): Totals {
  const passed = verdicts.filter((own) => own.passed).length;
  return { passed, failed: verdicts.length - passed };
}

/** The failed cases, each with every difference, and the totals as the last line. */
export function textReport(verdicts: readonly Verdict[]): string {
  const failed = verdicts.filter((own) => !own.passed).flatMap(caseLines);
  const { passed, failed: count } = totalsOf(verdicts);
  return [...failed, `${passed} passed, ${count} failed`].join('\n');
}

export function jsonReport(verdicts: readonly Verdict[]): string {
  return JSON.stringify({ ...totalsOf(verdicts), cases: verdicts });
}

function caseLines({ id, notes, notAsked, failures }: Verdict): string[] {
  const refused = notAsked.length > 0 ? [`  cannot be asked: ${notAsked.join(', ')}`] : [];
  return [`FAILED ${id}: ${notes}`, ...refused, ...failures.flatMap(failureLines), ''];
}

function failureLines({ way, options, differences, error }: Failure): string[] {
  const about = `  ${[way, ...options].join(', ')}`;
  if (error !== undefined) return [`${about}: ${error}`];
  return [`${about}:`, ...differences.flatMap(differenceLines)];
}

function differenceLines({ path, expected, actual }: Difference): string[] {
  return [`    ${path}`, `      expected ${textOf(expected)}`, `      got      ${textOf(actual)}`];
}

const textOf = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value);
