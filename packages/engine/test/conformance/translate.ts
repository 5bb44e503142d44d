import type { EventSelector, Filter, FilterOperator, Measure } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import type { Properties } from '@arbor/schema/property-value';
import type { World } from '../model/world.ts';
import type { CaseFilter, CaseFilterTree, CaseSelector, ConformanceCase } from './case-types.ts';

/** Why a case cannot be asked: the feature that the query language does not have. */
export function missingFeature({ query, report, events }: ConformanceCase): string | undefined {
  const selectors = [...(query.steps ?? []), ...(query.series ?? [])];
  if (selectors.some((selector) => selector.firstTime !== undefined)) return 'first time ever';
  if (query.formula !== undefined) return 'formula';
  if (query.compare !== undefined) return 'compare to past';
  if (query.cumulative !== undefined) return 'cumulative';
  if (query.breakdown?.properties !== undefined) return 'several breakdowns';
  if (query.breakdown?.limit !== undefined) return 'segment for the rest';
  if (report === 'funnel') return missingFunnelFeature(query);
  if (report === 'retention') {
    if (query.brackets !== undefined) return 'brackets';
    if (query.period === 'hour') return 'retention by the hour';
    const start = Date.parse(query.from);
    const before = events.some((event) => Date.parse(event.time) < start);
    if (query.mode === 'first_ever' || (query.mode === 'first_time' && before)) {
      return 'first time ever';
    }
    return undefined;
  }
  if (selectors.some(({ metric }) => metric === 'first_time_users')) return 'first time ever';
  if (query.interval === 'minute') return 'buckets by the minute';
  const active = selectors.some(({ metric }) => metric === 'wau' || metric === 'mau');
  // reports.md 4.1: the window ends with the day, not with the hour.
  return active && query.interval === 'hour'
    ? 'window of active users that ends with the hour'
    : undefined;
}

function missingFunnelFeature(query: ConformanceCase['query']): string | undefined {
  if (query.exclusions?.length) return 'exclusions';
  if (query.order !== 'ordered') return `${query.order} order`;
  if (query.view !== 'steps') return `view ${query.view}`;
  if ((query.steps?.length ?? 0) < 2) return 'funnel of one step';
  const { scope, attribution = 'first_touch' } = query.breakdown ?? {};
  return scope === 'event' && attribution !== 'first_touch' ? 'attribution' : undefined;
}

export function toWorld({ people, events }: ConformanceCase): World {
  const canonical = new Map(people.flatMap(({ id, aliases = [] }) => aliases.map((a) => [a, id])));
  return {
    events: events.map(({ user, event, time, properties = {} }) => ({
      user: canonical.get(user) ?? user,
      event,
      time: Date.parse(time),
      properties,
    })),
    people: Object.fromEntries(
      people.map(({ id, properties = {} }): [string, Properties] => [id, properties]),
    ),
  };
}

export function toQuery(given: ConformanceCase): QueryInput {
  const { query, report } = given;
  const common = {
    range: { from: query.from, to: query.to },
    filters: toFilters(query.filters),
    breakdowns: query.breakdown
      ? [
          {
            property: {
              scope: query.breakdown.scope ?? 'event',
              name: query.breakdown.property ?? '',
            },
          },
        ]
      : [],
  };
  switch (report) {
    case 'funnel':
      return {
        type: 'funnel',
        ...common,
        steps: (query.steps ?? []).map(toSelector),
        window: toDuration(query.window),
        graceMs: given.rules?.['sameTime'] === 'grace' ? 2000 : 0,
      };
    case 'retention':
      return {
        type: 'retention',
        ...common,
        birth: toSelector(query.birth ?? {}),
        return: toSelector(query.return ?? {}),
        unit: query.period as 'day' | 'week' | 'month',
        criterion: query.criteria ?? 'on',
        mode: query.buckets ?? 'calendar',
        births: query.mode === 'recurring' ? 'every_bucket' : 'first',
        intervals: query.intervals ?? 1,
      };
    case 'insights':
      return {
        type: 'insights',
        ...common,
        metrics: (query.series ?? []).map((series) => ({
          selector: toSelector(series),
          measure: toMeasure(series),
        })),
        unit: query.interval === 'total' ? 'month' : (query.interval as 'hour' | 'day' | 'week'),
      };
  }
}

function toDuration(window: ConformanceCase['query']['window']) {
  const unit = window?.unit as 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month';
  const value = window?.value ?? 1;
  // Windows longer than the world matter to nobody; ours end at 367 days.
  return unit === 'minute' && value > 500_000
    ? { value: 367, unit: 'day' as const }
    : { value, unit };
}

function toSelector(selector: CaseSelector): EventSelector {
  const options = selector.or ?? [selector];
  return {
    anyOf: options.map(({ event = null, filters }) => ({ event, filters: toFilters(filters) })),
  };
}

const measureByMetric: Readonly<Record<string, Measure['type']>> = {
  total: 'total',
  uniques: 'unique',
  dau: 'unique',
  wau: 'wau',
  mau: 'mau',
  sum: 'sum',
  avg: 'average',
  min: 'min',
  max: 'max',
  median: 'median',
};

function toMeasure({ metric = 'total', property: name = '' }: CaseSelector): Measure {
  const property = { scope: 'event' as const, name };
  const percentile = /^p(\d+)$/.exec(metric)?.[1];
  if (percentile) return { type: 'percentile', property, percentile: Number(percentile) };
  const type = measureByMetric[metric];
  if (type === undefined) throw new Error(`unknown metric ${metric}`);
  return name === '' ? ({ type } as Measure) : ({ type, property } as Measure);
}

function toFilters(filters: readonly CaseFilterTree[] = []): Filter[] {
  return filters.map((filter) => {
    if ('any' in filter) return { type: 'any', filters: toFilters(filter.any) };
    if ('all' in filter) return { type: 'all', filters: toFilters(filter.all) };
    return toFilter(filter);
  });
}

const operatorByName: Readonly<Record<string, FilterOperator>> = {
  is: 'equals',
  is_not: 'does_not_equal',
  contains: 'contains',
  not_contains: 'does_not_contain',
  is_set: 'is_set',
  is_not_set: 'is_not_set',
  gt: 'greater_than',
  gte: 'at_least',
  lt: 'less_than',
  lte: 'at_most',
};

/** Cases compare values as text, which is what a text in our filters does. */
function toFilter({ scope, property, operator, value }: CaseFilter): Filter {
  const ours = operatorByName[operator];
  if (ours === undefined) throw new Error(`unknown operator ${operator}`);
  const values = value === undefined ? [] : [value].flat();
  const numeric = /^[gl]te?$/.test(operator);
  return {
    type: 'property',
    property: { scope, name: property },
    operator: ours,
    values: values.map((own) => (numeric ? Number(own) : String(own))),
  };
}
