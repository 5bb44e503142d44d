import { EngineError } from '../../base/errors.ts';

/**
 * What a plan and its partial results mean. Both sides of a rolling upgrade compare it: an older
 * process would answer without the options it does not know, which is worse than no answer.
 * 2 added entry and timing of funnels, cohorts, and packed lists in partial results; 3 one ranking for
 * all metrics of a report; 4 the options of all reports; 5 what users did after a birth, several names of one
 * property, numbers by themselves, and groups; 6 times between any two steps of a
 * funnel, and lists of objects in conditions on users; 7 paths of funnels in any order, and lists behind bins of times, open
 * attempts, whole paths and all cohorts; 8 cohorts of groups where events are counted beside them; 9 filters on parts of
 * texts whose case matters.
 */
export const planVersion = 9;

/** Throws `UNSUPPORTED_VERSION` for the plan of another version. */
export function checkPlanVersion(plan: { readonly version: number }): void {
  if (plan.version === planVersion) return;
  const text = `plan version ${JSON.stringify(plan.version)} is unknown: upgrade this process`;
  throw new EngineError('UNSUPPORTED_VERSION', text);
}
