import { castToText } from './casts.ts';
import { isList, isTruthy, type Value } from './value.ts';
import { WorkBudget } from './work-budget.ts';

/**
 * Whether a row with this result of `where` passes (`query-api.md` 19.2): true does, and what is no boolean counts as
 * `boolean()` would read it.
 */
export function passes(result: Value): boolean {
  return isTruthy(result);
}

/**
 * The segments of a row with this result of `on` (`query-api.md` 19.2): its text, or for a list that of each distinct
 * item. An empty list has none of its own and counts as missing (`reports.md` 3.6).
 */
export function segmentsOf(result: Value): string[] {
  if (isList(result) && result.length > 0) return [...new Set(result.map(segmentText))];
  return [segmentText(isList(result) ? undefined : result)];
}

function segmentText(value: Value): string {
  const budget = new WorkBudget({ start: 0, end: 0 });
  budget.refill();
  return String(castToText(value, budget));
}
