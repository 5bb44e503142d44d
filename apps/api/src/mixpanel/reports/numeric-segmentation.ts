import type { EventSelectorInput, Filter, PropertyRef } from '@arbor/schema/query';
import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import { readSegmentation, readWhere } from '../where.ts';
import { measureOf, readCountType } from './count-type.ts';
import { bucketName, numberBuckets, rounded } from './number-buckets.ts';
import type { ReportDeps } from './report-deps.ts';
import { answerSeries, numbersByDate } from './series-answer.ts';
import type { Span } from './span.ts';
import { bucketKeys } from './span.ts';

interface NumericQuestion {
  readonly selector: EventSelectorInput;
  readonly span: Span;
  readonly on: PropertyRef;
  readonly filters: Filter[];
}

function readQuestion({ parameters }: Asked): NumericQuestion {
  const event = parameters.required('event');
  const range = parameters.dates();
  const unit = parameters.choice('unit', ['hour', 'day']) ?? 'day';
  const on = readSegmentation(parameters, 'on');
  return {
    selector: { anyOf: [{ event }] },
    span: { range, unit },
    on: on ?? parameters.refuse('on', 'is missing'),
    filters: readWhere(parameters, 'where'),
  };
}

/** `/segmentation/numeric` (`query-api.md` 4.2): by ranges of the numbers of `on`. */
export function numericSegmentation({ queries }: ReportDeps): Endpoint {
  return {
    path: '/segmentation/numeric',
    handle: async (asked: Asked) => {
      const { selector, span, on, filters } = readQuestion(asked);
      const type = readCountType(asked.parameters, span.unit);
      const extremes = await askQuery(queries, asked, {
        type: 'insights',
        range: span.range,
        unit: 'total',
        filters,
        metrics: [
          { selector, measure: { type: 'min', property: on } },
          { selector, measure: { type: 'max', property: on } },
        ],
      });
      const [min = null, max = null] = extremes.series.map(({ total }) => total);
      if (min === null || max === null) return answerSeries(asked, [], new Map());
      const ranges = numberBuckets(min, max);
      const { start, step, count } = ranges;
      const end = rounded(start + count * step);
      const { buckets, series } = await askQuery(queries, asked, {
        type: 'insights',
        ...span,
        filters,
        metrics: [{ selector, measure: measureOf(type) }],
        breakdowns: [{ property: on, buckets: { type: 'even', min: start, max: end, size: step } }],
      });
      // Segments come best first and without the empty ones; a range begins with its lower end.
      const byStart = new Map(
        series.flatMap(({ segment, values }) =>
          segment?.type === 'range' ? [[parseFloat(segment.text), values] as const] : [],
        ),
      );
      const lines = Array.from({ length: count }, (_, i) => {
        const values = byStart.get(rounded(start + i * step)) ?? [];
        return [bucketName(ranges, i), values] as const;
      });
      return answerSeries(asked, bucketKeys(buckets, span.unit), new Map(lines));
    },
  };
}

/** `/segmentation/sum` (4.3): what is no number adds nothing. */
export function sumSegmentation(deps: ReportDeps): Endpoint {
  return aggregateOf(deps, 'sum');
}

/**
 * `/segmentation/average` (4.4): over the events that have a number. With `non_numeric=zero` the others count as 0, as
 * the documentation of Mixpanel may be read.
 */
export function averageSegmentation(deps: ReportDeps): Endpoint {
  return aggregateOf(deps, 'average');
}

function aggregateOf({ queries, clock }: ReportDeps, aggregate: 'sum' | 'average'): Endpoint {
  return {
    path: `/segmentation/${aggregate}`,
    handle: async (asked: Asked) => {
      const { selector, span, on, filters } = readQuestion(asked);
      const zero = asked.parameters.choice('non_numeric', ['zero', 'leave_out']) === 'zero';
      const { buckets, series } = await askQuery(queries, asked, {
        type: 'insights',
        ...span,
        filters,
        metrics: [
          { selector, measure: { type: aggregate, property: on } },
          { selector, measure: { type: 'sum', property: on } },
          { selector, measure: { type: 'total' } },
        ],
      });
      const [own = [], sums = [], totals = []] = series.map(({ values }) => values);
      const isLiteral = zero && aggregate === 'average';
      const line = isLiteral ? sums.map((sum, i) => (sum ?? 0) / (totals[i] || 1)) : own;
      return {
        status: 'ok',
        computed_at: new Date(clock()).toISOString().replace('Z', '+00:00'),
        results: numbersByDate(bucketKeys(buckets, span.unit), line),
      };
    },
  };
}
