import type { QueryInput } from '@arbor/schema/query';
import type { ConformanceCase } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';
import { toFunnel } from './to-funnel.ts';
import { toInsights } from './to-insights.ts';
import { toRetention } from './to-retention.ts';

/** The case's question as ours, with the options under which Arbor follows `rules`. Throws `NotAskable`. */
export function toQuery(given: ConformanceCase, rules: Rules): QueryInput {
  switch (given.report) {
    case 'funnel':
      return toFunnel(given.query, rules);
    case 'retention':
      return toRetention(given.query, rules);
    case 'insights':
      return toInsights(given.query, rules);
  }
}
