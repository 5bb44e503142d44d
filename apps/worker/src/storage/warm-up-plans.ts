import { type Plan, planQuery } from '@arbor/engine/plan';
import { type FilterInput, type QueryInput, querySchema } from '@arbor/schema/query';

/** The days and names of the engine's made-up project (its warm-up-rows.ts). */
const range = { from: '2020-03-01', to: '2020-03-14' };
const eventProperty = (name: string) => ({ scope: 'event', name }) as const;
const plan = { scope: 'person', name: 'plan' } as const;
const allOf = (event: string | null) => ({ anyOf: [{ event }] });
const steps = ['event 0', 'event 1', 'event 2', 'event 3', 'event 4'].map(allOf);

const isMember: FilterInput = {
  type: 'property',
  property: eventProperty('is member'),
  operator: 'is_true',
};
const isPricey: FilterInput = {
  type: 'property',
  property: eventProperty('amount'),
  operator: 'greater_than',
  values: [500],
};
const isPaid: FilterInput = {
  type: 'property',
  property: plan,
  operator: 'equals',
  values: ['paid'],
};

/** Of each kind of question that is asked often one, as the dashboard asks it. */
const queries: readonly QueryInput[] = [
  {
    type: 'insights',
    range,
    metrics: [{ selector: allOf(null), measure: { type: 'total' } }],
    breakdowns: [{ property: eventProperty('$event_name') }],
  },
  {
    type: 'insights',
    range,
    metrics: [
      { selector: allOf('event 0'), measure: { type: 'unique' } },
      { selector: allOf('event 1'), measure: { type: 'total' } },
    ],
  },
  {
    type: 'insights',
    range,
    metrics: [{ selector: allOf(null), measure: { type: 'unique' } }],
    breakdowns: [{ property: eventProperty('system') }],
  },
  {
    type: 'insights',
    range,
    metrics: (['sum', 'average', 'median'] as const).map((type) => ({
      selector: { anyOf: [{ event: null, filters: [isMember, isPricey] }] },
      measure: { type, property: eventProperty('amount') },
    })),
    breakdowns: [{ property: eventProperty('page') }],
  },
  {
    type: 'insights',
    range,
    metrics: [
      { selector: { anyOf: [{ event: null, filters: [isPaid] }] }, measure: { type: 'total' } },
      { selector: allOf(null), measure: { type: 'active', days: 7 } },
    ],
  },
  {
    type: 'funnel',
    range,
    steps: steps.slice(0, 3),
    window: { value: 7, unit: 'day' },
    entry: 'any',
  },
  {
    type: 'funnel',
    range,
    steps,
    window: { value: 14, unit: 'day' },
    breakdowns: [{ property: eventProperty('system') }],
  },
  {
    type: 'retention',
    range,
    birth: allOf('event 1'),
    return: allOf(null),
    unit: 'day',
    intervals: 8,
  },
  {
    type: 'retention',
    range,
    birth: allOf('event 1'),
    return: allOf('event 0'),
    unit: 'week',
    mode: 'calendar',
    intervals: 2,
    breakdowns: [{ property: plan }],
  },
];

/** What a new storage process asks itself before others ask it. */
export function warmUpPlans(nowMs: number): Plan[] {
  const calendar = { timezone: 'UTC', weekStart: 1, nowMs } as const;
  return queries.map((query) => planQuery(querySchema.parse(query), calendar));
}
