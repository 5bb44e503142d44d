import type {
  Breakdown,
  EventSelector,
  Filter,
  InsightsQuery,
  InsightsQueryInput,
  ListedReport,
  PropertyBreakdown,
  PropertyRef,
} from '@arbor/schema/query';
import { insightsQuerySchema } from '@arbor/schema/query';
import type { InsightsResult } from '@arbor/schema/result';
import { invalidQuery } from '../plan/invalid-query.ts';
import { askAll, resultOf } from './ask.ts';
import type { Ask } from './ask.ts';

type BrokenDown = Exclude<ListedReport, { type: 'cohort' }>;
type Buckets = NonNullable<PropertyBreakdown['buckets']>;

/** Widths are these times a power of ten (3.7). */
const mantissas = [1, 2, 2.5, 5] as const;
const bucketsMax = 12;

/** Asks for what is needed to choose the buckets of breakdowns that leave the choice to us. */
export function askAutoBuckets<Q extends BrokenDown>(query: Q): Ask<Q> {
  const asks = query.breakdowns.map((breakdown): Ask<Breakdown> => {
    if (!isAuto(breakdown)) return { queries: [], read: () => breakdown };
    const { property } = breakdown;
    if (isBetweenSteps(property)) {
      throw invalidQuery(
        `automatic buckets are chosen by what events have: give "${property.name}", which lies between steps, its own`,
      );
    }
    return {
      queries: spreadQueries(query, property),
      read: ([ends, values]) => ({
        ...breakdown,
        buckets: chosenBuckets(resultOf(ends, 'insights'), resultOf(values, 'insights')),
      }),
    };
  });
  const all = askAll(asks);
  return {
    queries: all.queries,
    read: (results) => ({ ...query, breakdowns: all.read(results) }),
  };
}

function isAuto(breakdown: Breakdown): breakdown is PropertyBreakdown {
  return breakdown.type !== 'cohort' && breakdown.buckets?.type === 'auto';
}

function isBetweenSteps({ computed }: PropertyRef): boolean {
  return computed?.type === 'behavior' && computed.between !== undefined;
}

/** Such a filter judges attempts: events have nothing that it could ask for. */
function readsBetweenSteps(filter: Filter): boolean {
  switch (filter.type) {
    case 'all':
    case 'any':
      return filter.filters.some(readsBetweenSteps);
    case 'property':
    case 'items':
      return isBetweenSteps(filter.property);
    case 'cohort':
      return false;
  }
}

/** Least and greatest number of the events of the report; and which numbers there are, if they are few. */
function spreadQueries(query: BrokenDown, property: PropertyRef): InsightsQuery[] {
  const selector = allEvents(query);
  const numeric = {
    type: 'property' as const,
    property,
    operator: 'between' as const,
    values: [-Number.MAX_VALUE, Number.MAX_VALUE],
  };
  const filters = query.filters.filter((filter) => !readsBetweenSteps(filter));
  const common = { type: 'insights' as const, range: query.range, unit: 'total' as const };
  const ends: InsightsQueryInput = {
    ...common,
    filters,
    metrics: [
      { selector, measure: { type: 'min', property } },
      { selector, measure: { type: 'max', property } },
    ],
  };
  const values: InsightsQueryInput = {
    ...common,
    filters: [...filters, numeric],
    breakdowns: [{ property }],
    segmentsMax: bucketsMax + 1,
    metrics: [{ selector, measure: { type: 'total' } }],
  };
  return [insightsQuerySchema.parse(ends), insightsQuerySchema.parse(values)];
}

/** Every event that has a segment in the report. */
function allEvents(query: BrokenDown): EventSelector {
  const selectors = selectorsOf(query);
  const byText = new Map(
    selectors.flatMap(({ anyOf }) => anyOf.map((match) => [JSON.stringify(match), match] as const)),
  );
  if (byText.size === 0) return { anyOf: [{ event: null, filters: [] }] };
  return { anyOf: [...byText.values()] };
}

function selectorsOf(query: BrokenDown): EventSelector[] {
  switch (query.type) {
    case 'insights':
      return query.metrics.flatMap((metric): EventSelector[] => {
        if (metric.type === 'funnel') return metric.funnel.steps;
        if (metric.type === 'retention') return [metric.retention.birth, metric.retention.return];
        return 'selector' in metric ? [metric.selector] : [];
      });
    case 'funnel':
      return query.steps;
    case 'retention':
      return [query.birth, query.return];
    case 'frequency':
      return [query.selector];
    case 'flow':
      return query.anchors.map(({ selector }) => selector);
  }
}

function chosenBuckets(ends: InsightsResult, values: InsightsResult): Buckets {
  const [min, max] = ends.series.map(({ total }) => total);
  if (min === null || max === null || min === undefined || max === undefined) {
    return { type: 'none' };
  }
  const numbers = values.series.flatMap(({ segment }) =>
    segment?.type === 'number' ? [Number(segment.text)] : [],
  );
  const isFew = (values.segmentCounts[0] ?? 0) <= bucketsMax;
  if (isFew && numbers.every((number) => Number.isInteger(number))) return { type: 'none' };
  return evenBuckets(min, max);
}

/** The narrowest buckets of a round width, at most twelve of which cover both numbers. */
export function evenBuckets(min: number, max: number): Extract<Buckets, { type: 'even' }> {
  const spread = Math.min(Math.max(max - min, 1e-290), Number.MAX_VALUE);
  // A tenth of what is needed at least: each step on is a wider one.
  let exponent = max === min ? 0 : Math.floor(Math.log10(spread / bucketsMax)) - 1;
  for (; ; exponent++) {
    for (const mantissa of mantissas) {
      const size = round(mantissa * 10 ** exponent);
      let first = Math.floor(min / size);
      let end = Math.floor(max / size) + 1;
      // A quotient of fractions may be a little less or more than the whole number that it is.
      if (round(first * size) > min) first--;
      if (round(end * size) <= max) end++;
      if (end - first <= bucketsMax) {
        return { type: 'even', min: round(first * size), max: round(end * size), size };
      }
    }
  }
}

/** Without what binary fractions add: 0.1 × 3 is 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(15));
}
