import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import { measureOf, readCountType } from './count-type.ts';
import { countEvents, ranked } from './event-counts.ts';
import { recentRange } from './events.ts';
import type { ReportDeps } from './report-deps.ts';
import { byKey, segmentKey } from './segment-keys.ts';
import { answerSeries } from './series-answer.ts';
import { bucketKeys, recentSpan } from './span.ts';

/** More segments than any limit of these endpoints: of values that were asked for by name none may be missing. */
const segmentsMax = 50_000;

/** `/events/properties` (`query-api.md` 5): an event over time by the values of a property. */
export function eventProperties(deps: ReportDeps): Endpoint {
  return {
    path: '/events/properties',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const event = parameters.required('event');
      const name = parameters.required('name');
      const wanted = parameters.texts('values');
      const limit = parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255;
      const span = recentSpan(parameters, { project, nowMs: deps.clock() });
      const type = readCountType(parameters, span.unit);
      const { buckets, series } = await askQuery(deps.queries, asked, {
        type: 'insights',
        ...span,
        metrics: [{ selector: { anyOf: [{ event }] }, measure: measureOf(type) }],
        breakdowns: [{ property: { scope: 'event', name } }],
        segmentsMax: wanted ? segmentsMax : limit,
      });
      const keyed = byKey(series);
      const keys = wanted ?? [...keyed.keys()];
      const lines = keys.map((key) => [key, keyed.get(key)?.values ?? []] as const);
      return answerSeries(asked, bucketKeys(buckets, span.unit), new Map(lines));
    },
  };
}

/** `/events/properties/top` (5): how many events have each property; of the last 31 days, or of some dates. */
export function topProperties(deps: ReportDeps): Endpoint {
  return {
    path: '/events/properties/top',
    handle: async (asked: Asked) => {
      const { parameters, project, signal } = asked;
      const event = parameters.required('event');
      const limit = parameters.integer('limit', { min: 1, max: 10_000 }) ?? 10;
      const range = recentRange(parameters, { project, nowMs: deps.clock() });
      const { properties } = await deps.names.names({ project, signal });
      const names = properties.flatMap(({ scope, name }) => (scope === 'event' ? [name] : []));
      const { series } = await countEvents(deps, asked, {
        events: names.map((name) => ({
          event,
          filters: [
            {
              type: 'property',
              property: { scope: 'event', name },
              operator: 'is_set',
              values: [],
            },
          ],
        })),
        measure: { type: 'total' },
        over: { range },
      });
      const rows = names.map((name, i) => ({ name, amount: series[i]?.total ?? 0 }));
      const top = ranked(rows).slice(0, limit);
      return Object.fromEntries(top.map(({ name, amount }) => [name, { count: amount }]));
    },
  };
}

/** `/events/properties/values` (5): as texts, most common first; of the last 31 days, or of some dates. */
export function propertyValues(deps: ReportDeps): Endpoint {
  return {
    path: '/events/properties/values',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const event = parameters.required('event');
      const name = parameters.required('name');
      const limit = parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255;
      const { series } = await askQuery(deps.queries, asked, {
        type: 'insights',
        range: recentRange(parameters, { project, nowMs: deps.clock() }),
        unit: 'total',
        metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
        breakdowns: [{ property: { scope: 'event', name } }],
        // One more than is wanted: the missing value is none, and may be among them.
        segmentsMax: limit + 1,
      });
      const values = series.flatMap(({ segment }) =>
        segment === null || segment.type === 'not_set' ? [] : [segmentKey(segment)],
      );
      return [...new Set(values)].slice(0, limit);
    },
  };
}
