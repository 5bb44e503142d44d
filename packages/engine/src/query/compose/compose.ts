import type { Query } from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import { calendar } from '../plan/calendar.ts';
import type { PlanContext } from '../plan/plan.ts';
import type { PlanScope } from '../plan/plan-scope.ts';
import type { ComposeStep } from './ask.ts';
import { askThen } from './ask.ts';
import { askAutoBuckets } from './auto-buckets.ts';
import { pageOf, upToPage } from './page-segments.ts';
import { composeComparedFunnel, composeComparedRetention } from './compose-compared.ts';
import { composeInsights, isComposed } from './compose-insights.ts';

export type { ComposeStep } from './ask.ts';

/**
 * What to ask the shards for a query. Most queries are asked as they are; what needs the answers of others (formulas,
 * rolling averages, comparisons, funnels as metrics, automatic buckets) becomes queries that can be planned, and
 * arithmetic over their results. Throws `INVALID_QUERY` like `planQuery`.
 */
export function composeQuery(query: Query, context: ComposeContext): ComposeStep {
  if (!('segmentsFrom' in query)) return composeWhole(query, context);
  const { segmentsFrom = 0 } = query;
  return pageOf(composeWhole(upToPage(query), context), segmentsFrom);
}

function composeWhole(query: Query, context: ComposeContext): ComposeStep {
  switch (query.type) {
    case 'cohort':
    case 'users':
      return asItIs(query);
    case 'list': {
      const { of } = query;
      if (of.type === 'cohort') return asItIs(query);
      return askThen(askAutoBuckets(of), (report) => asItIs({ ...query, of: report }));
    }
    case 'insights':
      return askThen(askAutoBuckets(query), (report) =>
        isComposed(report) ? composeInsights(report, timeScope(context)) : asItIs(report),
      );
    case 'funnel':
      return askThen(askAutoBuckets(query), ({ compare, ...report }) =>
        compare === undefined
          ? asItIs(report)
          : composeComparedFunnel(report, compare, timeScope(context)),
      );
    case 'retention':
      return askThen(askAutoBuckets(query), ({ compare, ...report }) =>
        compare === undefined
          ? asItIs(report)
          : composeComparedRetention(report, compare, timeScope(context)),
      );
    case 'frequency':
    case 'flow':
      return askThen(askAutoBuckets(query), asItIs);
    default:
      return unreachable(query);
  }
}

export type ComposeContext = Pick<PlanContext, 'timezone' | 'weekStart' | 'quarterStart' | 'nowMs'>;

function timeScope(context: ComposeContext): Pick<PlanScope, 'calendar' | 'nowMs'> {
  return { calendar: calendar(context), nowMs: context.nowMs };
}

function asItIs(query: Query): ComposeStep {
  return { type: 'ask', queries: [query], next: ([result]) => ({ type: 'answer', result }) };
}
