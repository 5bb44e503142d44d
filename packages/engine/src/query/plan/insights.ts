import type { InsightsQuery, Metric } from '@arbor/schema/query';
import { planAxis } from './axis.ts';
import { planFilters, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import { breakdownsOfMetric } from './item-filters.ts';
import { planMeasure } from './measures.ts';
import type { PlanScope } from './plan-scope.ts';
import type { InsightsPlan, MetricPlan } from './plan-types.ts';
import { planBase } from './report-base.ts';

/**
 * 4. What is worked out of measured values (formulas, rolling, comparisons) and metrics that are reports of
 * their own are not part of a plan: `composeQuery` asks for them apart.
 */
export function planInsights(
  query: InsightsQuery,
  anyScope: PlanScope,
  shardCount: number | undefined,
): InsightsPlan {
  const { unit, rankBy = null, metrics } = query;
  const scope = { ...anyScope, ofProfiles: metrics.some(({ type }) => type === 'people') };
  if (rankBy !== null && rankBy >= metrics.length) {
    throw invalidQuery(
      `metric ${rankBy} cannot rank: the query has metrics 0 to ${metrics.length - 1}`,
    );
  }
  const { segments } = query;
  if (segments !== undefined && segments.length !== metrics.length) {
    throw invalidQuery(
      `segments are listed for ${segments.length} metrics, and the query has ${metrics.length}`,
    );
  }
  const { range, buckets } = planAxis(query, scope);
  const base = planBase(query, range, scope);
  const properties = query.breakdowns.map((own) => ('property' in own ? own.property : null));
  return {
    type: 'insights',
    ...base,
    buckets,
    metrics: metrics.map((metric) => {
      const planned = planMetric(metric, { buckets, unit }, scope);
      if (!('selector' in metric)) return planned;
      const own = breakdownsOfMetric(base.breakdowns, properties, metric.selector, scope);
      return own === undefined ? planned : { ...planned, breakdowns: own };
    }),
    rankBy,
    segments: segments ?? null,
    onOneShard: shardCount === 1,
    otherSegment: query.otherSegment,
  };
}

function planMetric(
  metric: Metric,
  axis: Parameters<typeof planMeasure>[1],
  scope: PlanScope,
): MetricPlan {
  switch (metric.type) {
    case undefined:
    case 'events':
      if (metric.countOnce && metric.measure.type !== 'unique') {
        throw invalidQuery(
          `users are counted once in a segment by the measure unique, not by ${metric.measure.type}`,
        );
      }
      return {
        selector: planSelector(metric.selector, scope),
        measure: planMeasure(metric.measure, axis, scope),
        ...(metric.countOnce && { countOnce: metric.countOnce }),
      };
    case 'people':
      if (scope.ofGroups === true) {
        throw invalidQuery('profiles are those of users: leave out groupKey, or count events');
      }
      return {
        selector: [],
        measure: planMeasure(metric.measure, axis, scope),
        people: planFilters(metric.filters, scope),
      };
    case 'cohort':
    case 'funnel':
    case 'retention':
      throw invalidQuery(`a ${metric.type} is no metric of events: it is asked for as a report`);
  }
}
