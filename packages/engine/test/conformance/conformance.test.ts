import { describe, expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { planQuery } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { hasConformanceCases, readCases } from './case-types.ts';
import type { ConformanceCase } from './case-types.ts';
import { asserted, observed } from './observed.ts';
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
    expect(observed(result, given, expected)).toEqual(asserted(expected));
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
