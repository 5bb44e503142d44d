import fc from 'fast-check';
import type { EventSelectorInput, FilterInput, PropertyRef, QueryInput } from '@arbor/schema/query';
import { formulaTexts } from './naive-formula.ts';

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;
type MetricInput = InsightsInput['metrics'][number];
type MeasureInput = Extract<MetricInput, { selector: unknown }>['measure'];
type Fields = Pick<InsightsInput, 'range' | 'filters' | 'breakdowns' | 'segmentsMax'>;

/** Parts that other questions have too. */
export interface InsightsParts {
  readonly common: { readonly [K in keyof Fields]: fc.Arbitrary<NonNullable<Fields[K]>> };
  readonly selector: fc.Arbitrary<EventSelectorInput>;
  readonly property: fc.Arbitrary<PropertyRef>;
  /** Those without an option of their own. */
  readonly measure: fc.Arbitrary<MeasureInput>;
}

const over = fc.oneof(
  fc.constantFrom('average' as const, 'sum' as const, 'median' as const).map((type) => ({ type })),
  fc
    .constantFrom('min' as const, 'max' as const, 'distribution' as const)
    .map((type) => ({ type })),
  fc.constantFrom(0, 25, 90).map((percentile) => ({ type: 'percentile' as const, percentile })),
);

function anyMeasure({ measure, property }: InsightsParts): fc.Arbitrary<MeasureInput> {
  return fc.oneof(
    measure,
    fc.constantFrom<MeasureInput>({ type: 'cumulative_unique' }, { type: 'sessions' }),
    fc.record({ type: fc.constant('distribution' as const), property }),
    fc.record({ type: fc.constant('frequency' as const), over }),
    fc.record({
      type: fc.constant('per_user' as const),
      property,
      aggregate: fc.constantFrom(
        'sum' as const,
        'average' as const,
        'min' as const,
        'max' as const,
        'distinct_count' as const,
      ),
      over,
    }),
  );
}

/** Reports that are asked as they are, with every measure (reports.md 4.1 to 4.3). */
export function measuredInsights(parts: InsightsParts): fc.Arbitrary<QueryInput> {
  const { common, selector } = parts;
  const counted = fc.record({ selector, measure: anyMeasure(parts) });
  const once = fc.record({
    selector,
    measure: fc.constant({ type: 'unique' as const }),
    countOnce: fc.constantFrom('first' as const, 'last' as const),
  });
  return fc
    .record({
      type: fc.constant('insights' as const),
      ...common,
      unit: fc.constantFrom('hour' as const, 'day', 'week', 'month', 'quarter', 'year', 'total'),
      otherSegment: fc.boolean(),
      metrics: fc.array(fc.oneof(counted, counted, once, people(parts)), {
        minLength: 1,
        maxLength: 3,
      }),
      rankBy: fc.constantFrom(null, null, 0, 1),
    })
    .map(ranked);
}

/** Metrics of one measure a segment rank by it: those of a distribution are numbers, and of no other metric. */
function ranked<Q extends { metrics: MetricInput[]; rankBy: number | null }>({
  rankBy,
  ...query
}: Q) {
  return rankBy === null ? query : { ...query, rankBy: rankBy % query.metrics.length };
}

function people({ property }: InsightsParts): fc.Arbitrary<MetricInput> {
  const person = property.map((own) => ({ ...own, scope: 'person' as const }));
  return fc.record({
    type: fc.constant('people' as const),
    filters: fc.oneof(
      fc.constant<FilterInput[]>([]),
      person.map((own): FilterInput[] => [
        { type: 'property' as const, property: own, operator: 'is_set' as const },
      ]),
    ),
    measure: fc.oneof(
      fc.constant({ type: 'total' as const }),
      fc.record({
        type: fc.constantFrom('sum' as const, 'average' as const, 'max' as const),
        property: person,
      }),
      fc.record({
        type: fc.constantFrom('median' as const, 'min' as const, 'distinct_count' as const),
        property: person,
      }),
    ),
  });
}

/** Whole days within the time of the model, with room for what lies before. */
const dates = fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(0, 1, 6, 13)).map(([first, length]) => {
  const date = (day: number): string =>
    new Date(Date.UTC(2024, 2, 1 + day)).toISOString().slice(0, 10);
  return { from: date(first), to: date(first + length) };
});
const aYearLater = ({ from, to }: { from: string; to: string }) => {
  return { from: from.replace('2024', '2025'), to: to.replace('2024', '2025') };
};
const wholeMonths = fc.constant({ from: '2024-03-01', to: '2024-04-30' });

const compare = fc.oneof(
  fc.constant(undefined),
  fc
    .constantFrom('day' as const, 'week', 'month', 'quarter', 'year', 'year')
    .map((unit) => ({ type: 'previous' as const, unit })),
  fc.constant({ type: 'previous_period' as const }),
  fc.constantFrom(
    { type: 'from' as const, date: '2024-03-03' },
    { type: 'to' as const, date: '2024-03-31' },
    { type: 'range' as const, from: '2024-03-08', to: '2024-03-11' },
  ),
);

const transformations = fc.record(
  {
    rolling: fc.constantFrom(2, 3),
    cumulative: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Reports of several questions: transformations, formulas, comparisons, funnels as metrics (4.4, 3.9). */
export function composedInsights(parts: InsightsParts): fc.Arbitrary<QueryInput> {
  const { common, selector } = parts;
  const events = fc
    .tuple(fc.record({ selector, measure: anyMeasure(parts) }), transformations)
    .map(([metric, own]): MetricInput => ({ ...metric, ...own }));
  const funnel = fc
    .tuple(
      fc.record({
        type: fc.constant('funnel' as const),
        funnel: fc.record({ steps: fc.array(selector, { minLength: 2, maxLength: 2 }) }),
        value: fc.constantFrom('rate' as const, 'count', 'average_time', 'median_time'),
      }),
      transformations,
    )
    .map(([metric, own]): MetricInput => ({ ...metric, ...own }));
  const report = fc.record({
    type: fc.constant('insights' as const),
    ...common,
    range: fc.oneof(dates, dates, wholeMonths),
    unit: fc.constantFrom('hour' as const, 'day', 'day', 'week', 'month', 'quarter', 'total'),
    compare,
    divisionByZero: fc.constantFrom('empty' as const, 'zero' as const),
    rankBy: fc.constantFrom(null, null, 0, 1, 2),
  });
  const questions = fc.oneof(
    fc.record({
      report,
      metrics: fc.array(events, { minLength: 2, maxLength: 2 }),
      otherSegment: fc.boolean(),
    }),
    fc.record({
      report: fc
        .tuple(report, dates)
        .map(([own, range]) => ({ ...own, range, unit: 'day' as const })),
      metrics: fc.tuple(funnel, events),
      otherSegment: fc.constant(false),
    }),
  );
  const formulas = fc.array(
    fc.constantFrom(...formulaTexts).map((expression) => ({ expression })),
    { maxLength: 2 },
  );
  return fc.tuple(questions, formulas).map(([question, own]): QueryInput => {
    const { rankBy, compare: compared, range, ...rest } = question.report;
    const metrics: MetricInput[] = [...question.metrics];
    return {
      ...rest,
      // The year before is the one that things happen in.
      range: compared?.type === 'previous' && compared.unit === 'year' ? aYearLater(range) : range,
      metrics,
      otherSegment: question.otherSegment,
      formulas: own,
      ...(compared && { compare: compared }),
      ...(rankBy !== null && { rankBy: rankBy % (metrics.length + own.length) }),
    };
  });
}
