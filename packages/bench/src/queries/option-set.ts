import type { FunnelQueryInput, QueryInput, RetentionQueryInput } from '@arbor/schema/query';
import { eventOf, eventProperty, personProperty, wholeRange } from './bench-query.ts';

/** A question with one option, and the name of the question without it that it is measured beside. */
export interface OptionQuery {
  readonly name: string;
  /** Itself, where it is the plain one. */
  readonly beside: string;
  readonly query: QueryInput;
}

type FunnelOptions = Partial<Omit<FunnelQueryInput, 'type'>>;
type RetentionOptions = Partial<Omit<RetentionQueryInput, 'type'>>;

const steps = ['view_item', 'add_to_cart', 'purchase'].map((event) => eventOf(event, []));
const week = { from: '2026-02-01', to: '2026-02-07' };
const os = [{ property: eventProperty('$os') }];
const buyers = {
  type: 'conditions' as const,
  name: 'buyers',
  filters: [
    {
      type: 'behavior' as const,
      selector: eventOf('purchase', []),
      count: { operator: 'at_least' as const, value: 2 },
      span: { type: 'range' as const, ...wholeRange },
    },
  ],
};
const inBuyers = [{ type: 'cohort' as const, operator: 'in' as const, cohorts: [buyers] }];
const firstTime = (event: string) => ({ anyOf: [{ event, firstTime: 'event' as const }] });
const isApple = [
  {
    type: 'property' as const,
    property: eventProperty('$os'),
    operator: 'equals' as const,
    values: ['iOS'],
  },
];
const searches = (when: object) => ({
  property: {
    ...eventProperty('searches'),
    computed: {
      type: 'behavior' as const,
      selector: eventOf('search', []),
      aggregate: 'count' as const,
      ...when,
    },
  },
});

const funnels: Readonly<Record<string, FunnelOptions>> = {
  'counting totals': { counting: 'totals' },
  'counting sessions': { counting: 'sessions', window: { value: 1, unit: 'session' } },
  'window of two sessions': { window: { value: 2, unit: 'session' } },
  'any order': { order: 'any' },
  'any order, first step anchored': { order: 'any', anchors: [0] },
  'strict order': { order: 'strict' },
  'strict order, repeats allowed': { order: 'strict', strictRepeat: 'allow' },
  'without times': { timing: false },
  'window of an hour': { window: { value: 1, unit: 'hour' } },
  'window of 30 days': { window: { value: 30, unit: 'day' } },
  'range of a week': { range: week },
  'two steps': { steps: [steps[0], steps[2]] },
  'five steps': {
    steps: [eventOf('page_view', []), ...steps, eventOf('page_view', [])],
  },
  'a step of two events': {
    steps: [{ anyOf: [{ event: 'view_item' }, { event: 'search' }] }, ...steps.slice(1)],
  },
  'filter by a property': { filters: isApple },
  'any entry': { entry: 'any' },
  'optimized re-entry': { reentry: 'optimized' },
  'grace of two seconds': { graceMs: 2000 },
  'an exclusion that stops': { exclusions: [{ selector: eventOf('search', []), from: 0, to: 1 }] },
  'an exclusion that drops': {
    exclusions: [{ selector: eventOf('search', []), from: 0, to: 2, mode: 'drop' }],
  },
  'item held constant': { hold: [eventProperty('item')] },
  'all steps in the range': { completion: 'in_range' },
  'trends by day': { unit: 'day', trends: true },
  'trends by week': { unit: 'week', trends: true },
  'counts by day of entry': { unit: 'day' },
  'distribution of times': { distribution: { from: 0, to: 2 } },
  'sums of price': { sum: eventProperty('price') },
  'first time ever': { steps: [firstTime('view_item'), ...steps.slice(1)] },
  'first time of those that match': {
    steps: [
      { anyOf: [{ event: 'view_item', filters: isApple, firstTime: 'matching' }] },
      ...steps.slice(1),
    ],
  },
  'filter by a cohort': { filters: inBuyers },
  breakdown: { breakdowns: os },
  'breakdown by a cohort': { breakdowns: [{ type: 'cohort', cohorts: [buyers] }] },
  'breakdown by two properties': { breakdowns: [...os, { property: personProperty('plan') }] },
  'breakdown by what lies between two steps': {
    breakdowns: [searches({ between: { from: 0, to: 2 } })],
  },
  'breakdown by the event of a step': {
    steps: [{ anyOf: [{ event: 'view_item' }, { event: 'search' }] }, ...steps.slice(1)],
    compareEvents: 0,
  },
};
const brokenDownFunnels: Readonly<Record<string, FunnelOptions>> = {
  'breakdown by the last step': { breakdowns: os, attribution: { type: 'last' } },
  'breakdown by the second step': { breakdowns: os, attribution: { type: 'step', step: 1 } },
  'breakdown by each value': { breakdowns: os, attribution: { type: 'each' } },
  'breakdown and the other segments': { breakdowns: os, segmentsMax: 2, otherSegment: true },
  'breakdown, an entry for each value': { breakdowns: os, segmentEntry: 'per_value' },
  'breakdown by a price in buckets': {
    breakdowns: [
      { property: eventProperty('price'), buckets: { type: 'varied', edges: [10, 20, 50, 100] } },
    ],
  },
};

const retentions: Readonly<Record<string, RetentionOptions>> = {
  'on the day': { criterion: 'on' },
  'on or before': { criterion: 'on_or_before' },
  streak: { criterion: 'streak' },
  calendar: { mode: 'calendar' },
  brackets: { brackets: [1, 2, 4, 8] },
  'first birth alone': { births: 'first' },
  'by week': { unit: 'week' },
  'range of a week': { range: week },
  '60 intervals': { intervals: 60 },
  'births by a frequent event': { birth: eventOf('page_view', []) },
  'by month of the calendar': { unit: 'month', mode: 'calendar', intervals: 3 },
  'back for any event': { return: eventOf(null, []) },
  'pooled average': { average: 'pooled' },
  'filter by a property': { filters: isApple },
  'by hour': { unit: 'hour', range: { from: '2026-02-01', to: '2026-02-03' } },
  'sum of price': { measure: { type: 'sum', property: eventProperty('price') } },
  'average of price': { measure: { type: 'average', property: eventProperty('price') } },
  'first time ever': { birth: firstTime('signup') },
  'filter by a cohort': { filters: inBuyers },
  breakdown: { breakdowns: os },
  'breakdown by the return': { breakdowns: os, segmentBy: 'return' },
  'breakdown by both events': { breakdowns: os, segmentBy: 'both' },
  'breakdown and the other segments': { breakdowns: os, segmentsMax: 2, otherSegment: true },
  'breakdown by two properties': { breakdowns: [...os, { property: personProperty('plan') }] },
  'breakdown by what came within a day': {
    breakdowns: [searches({ within: { value: 1, unit: 'day' } })],
  },
  'breakdown by a cohort': { breakdowns: [{ type: 'cohort', cohorts: [buyers] }] },
};

function funnel(options: FunnelOptions): QueryInput {
  return { type: 'funnel', range: wholeRange, steps, ...options };
}

function retention(options: RetentionOptions): QueryInput {
  const birth = eventOf('signup', []);
  return {
    type: 'retention',
    range: wholeRange,
    birth,
    return: eventOf('page_view', []),
    ...options,
  };
}

function besideOf<Options>(
  beside: string,
  kind: string,
  all: Readonly<Record<string, Options>>,
  query: (options: Options) => QueryInput,
): OptionQuery[] {
  return Object.entries(all).map(([name, options]) => {
    return { name: `${kind}, ${name}`, beside, query: query(options) };
  });
}

/** Each option of a funnel and of a retention; a plain question comes before those beside it. */
export const optionSet: readonly OptionQuery[] = [
  { name: 'funnel', beside: 'funnel', query: funnel({}) },
  ...besideOf('funnel', 'funnel', funnels, funnel),
  ...besideOf('funnel, breakdown', 'funnel', brokenDownFunnels, funnel),
  { name: 'retention', beside: 'retention', query: retention({}) },
  ...besideOf('retention', 'retention', retentions, retention),
];
