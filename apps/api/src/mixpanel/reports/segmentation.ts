import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import { readSegmentation, readWhere } from '../where.ts';
import { measureOf, readCountType } from './count-type.ts';
import type { ReportDeps } from './report-deps.ts';
import { byKey } from './segment-keys.ts';
import { answerSeries } from './series-answer.ts';
import { bucketKeys, datedSpan } from './span.ts';

/** `/segmentation` (`query-api.md` 4.1): an event over time, whole or by the values of `on`. */
export function segmentation({ queries }: ReportDeps): Endpoint {
  return {
    path: '/segmentation',
    handle: async (asked: Asked) => {
      const { parameters } = asked;
      const event = parameters.required('event');
      const span = datedSpan(parameters);
      const type = readCountType(parameters, span.unit);
      const on = readSegmentation(parameters, 'on');
      const segmentsMax = parameters.integer('limit', { min: 1, max: 10_000 }) ?? 60;
      const { buckets, series } = await askQuery(queries, asked, {
        type: 'insights',
        ...span,
        metrics: [{ selector: { anyOf: [{ event }] }, measure: measureOf(type) }],
        filters: readWhere(parameters, 'where'),
        ...(on && { breakdowns: [{ property: on }], segmentsMax }),
      });
      const lines = on
        ? [...byKey(series)].map(([key, { values }]) => [key, values] as const)
        : [[event, series[0]?.values ?? []] as const];
      return answerSeries(asked, bucketKeys(buckets, span.unit), new Map(lines));
    },
  };
}
