import type {
  Breakdown,
  EventSelector,
  Filter,
  FunnelQuery,
  InsightsQuery,
  ListedReport,
  PropertyBreakdown,
  PropertyRef,
  RetentionQuery,
} from '@arbor/schema/query';
import type { InsightsResult, QueryResult, Segment } from '@arbor/schema/result';
import { askAll, resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import { allSegments } from './metrics-wanted.ts';

type BrokenDown = Exclude<ListedReport, { type: 'cohort' }>;
type Buckets = NonNullable<PropertyBreakdown['buckets']>;

/** Widths are these times a power of ten (3.7). */
const mantissas = [1, 2, 2.5, 5] as const;
const bucketsMax = 12;

/** Asks for what is needed to choose the buckets of breakdowns that leave the choice to us. */
export function askAutoBuckets<Q extends BrokenDown>(query: Q): Ask<Q> {
  const asks = query.breakdowns.map((breakdown): Ask<Breakdown> => {
    if (!isAuto(breakdown)) return { queries: [], read: () => breakdown };
    const { queries, read } = askSpread(query, breakdown.property);
    return {
      queries,
      read: (results) => ({ ...breakdown, buckets: chosenBuckets(read(results)) }),
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

/** The numbers that buckets are chosen for; null = there is none. */
type Spread = {
  readonly min: number;
  readonly max: number;
  /** Whether they are so few whole numbers that each is a bucket. */
  readonly isFew: boolean;
  /** Whether anything else has a value that is no number. */
  readonly hasOthers: boolean;
} | null;

/** What attempts and births have is asked of their reports, what events have of events. */
function askSpread(query: BrokenDown, property: PropertyRef): Ask<Spread> {
  if (!isOfReports(property)) return askEvents(query, property);
  const segments = (result: QueryResult): readonly { readonly segment: Segment }[] =>
    'segments' in result ? result.segments : [];
  return {
    queries: reportsOf(query, property),
    read: (results) => spreadOf(results.flatMap(segments).map(({ segment }) => segment)),
  };
}

/** A behaviour between steps of a funnel, or within a time after the birth of a retention. */
function isOfReports({ computed }: PropertyRef): boolean {
  if (computed?.type !== 'behavior') return false;
  return computed.between !== undefined || computed.within !== undefined;
}

/** The funnels and retentions of a query with every number as a segment, and nothing else of theirs. */
function reportsOf(query: BrokenDown, property: PropertyRef): (FunnelQuery | RetentionQuery)[] {
  const { range, filters, groupKey } = query;
  const own = { range, filters, groupKey, breakdowns: [{ property }], segmentsMax: allSegments };
  // Segments that are named are the buckets, and not the numbers that lie in them.
  const all = { ...own, segments: undefined, otherSegment: false };
  const funnel = (report: FunnelQuery): FunnelQuery => {
    const { unit, edges, sum: _, distribution: __, times: ___, control: ____, ...asked } = report;
    // Edges, which only buckets have, say the time of the report.
    const time = edges && { unit, edges };
    return { ...asked, ...all, ...time, timing: false, trends: false };
  };
  const retention = (report: RetentionQuery): RetentionQuery => {
    const { brackets: _, ...asked } = report;
    return { ...asked, ...all, measure: { type: 'users' }, intervals: 1 };
  };
  switch (query.type) {
    case 'funnel':
      return [funnel(query)];
    case 'retention':
      return [retention(query)];
    case 'insights':
      return query.metrics.flatMap((metric): (FunnelQuery | RetentionQuery)[] => {
        if (metric.type === 'funnel') {
          return [funnel({ ...metric.funnel, ...own, type: 'funnel', trends: false })];
        }
        if (metric.type !== 'retention') return [];
        return [retention({ ...metric.retention, ...own, type: 'retention' })];
      });
    case 'frequency':
    case 'flow':
      return [];
  }
}

function spreadOf(segments: readonly Segment[]): Spread {
  const numbers = new Set(
    segments.flatMap(({ type, text }) => (type === 'number' ? [Number(text)] : [])),
  );
  if (numbers.size === 0) return null;
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) [min, max] = [Math.min(min, number), Math.max(max, number)];
  const isFew = numbers.size <= bucketsMax && [...numbers].every(Number.isInteger);
  const hasOthers = segments.some(({ type }) => type !== 'number' && type !== 'not_set');
  return { min, max, isFew, hasOthers };
}

/** Such a filter judges attempts or births: events have nothing that it could ask for. */
function readsReports(filter: Filter): boolean {
  switch (filter.type) {
    case 'all':
    case 'any':
      return filter.filters.some(readsReports);
    case 'property':
    case 'items':
      return isOfReports(filter.property);
    case 'cohort':
      return false;
  }
}

/** Least and greatest number of the events of the report; and which numbers there are, if they are few. */
function askEvents(query: BrokenDown, property: PropertyRef): Ask<Spread> {
  const selector = allEvents(query);
  const isNumber = {
    type: 'property' as const,
    property,
    operator: 'between' as const,
    values: [-Number.MAX_VALUE, Number.MAX_VALUE],
  };
  const isSet = { type: 'property' as const, property, operator: 'is_set' as const, values: [] };
  const filters = query.filters.filter((filter) => !readsReports(filter));
  const { range } = query;
  const total = { type: 'total' as const };
  const ends = overRange({
    range,
    filters,
    metrics: [
      { selector, measure: { type: 'min', property } },
      { selector, measure: { type: 'max', property } },
      { selector: narrowed(selector, isNumber), measure: total },
      { selector: narrowed(selector, isSet), measure: total },
    ],
  });
  const values = overRange({
    range,
    filters: [...filters, isNumber],
    breakdowns: [{ property }],
    segmentsMax: bucketsMax + 1,
    metrics: [{ selector, measure: total }],
  });
  return {
    queries: [ends, values],
    read: ([of, which]) => eventSpread(resultOf(of, 'insights'), resultOf(which, 'insights')),
  };
}

/** Not parsed: a report may have more events than one selector that somebody writes. */
function overRange(
  part: Pick<InsightsQuery, 'range' | 'filters' | 'metrics'> & Partial<InsightsQuery>,
): InsightsQuery {
  return {
    type: 'insights',
    unit: 'total',
    breakdowns: [],
    segmentsMax: 1,
    otherSegment: false,
    formulas: [],
    divisionByZero: 'empty',
    ...part,
  };
}

function narrowed({ anyOf }: EventSelector, filter: Filter): EventSelector {
  return { anyOf: anyOf.map((match) => ({ ...match, filters: [...match.filters, filter] })) };
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

function eventSpread(ends: InsightsResult, values: InsightsResult): Spread {
  const [min, max, numbers, all] = ends.series.map(({ total }) => total);
  if (min === null || max === null || min === undefined || max === undefined) return null;
  const isWhole = values.series.every(
    ({ segment }) => segment?.type !== 'number' || Number.isInteger(Number(segment.text)),
  );
  const isFew = (values.segmentCounts[0] ?? 0) <= bucketsMax && isWhole;
  return { min, max, isFew, hasOthers: numbers !== all };
}

function chosenBuckets(spread: Spread): Buckets {
  if (spread === null) return { type: 'none' };
  if (spread.isFew) return { type: spread.hasOthers ? 'numbers' : 'none' };
  return evenBuckets(spread.min, spread.max);
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
