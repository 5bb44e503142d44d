import fc from 'fast-check';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import type {
  AttributionModel,
  Breakdown,
  BreakdownBuckets,
  ComputedPropertyInput,
  FilterInput,
  PropertyFilterInput,
  PropertyRefInput,
  QueryInput,
} from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { ProjectDefinitions } from '../../src/query/plan/plan-scope.ts';
import { flowQuery } from './random-flow.ts';
import { frequencyQuery } from './random-frequency.ts';
import { optionFunnel } from './random-funnel.ts';
import { matchingInsights } from './random-matching.ts';
import { retentionAfter, retentionQuery } from './random-retention.ts';
import { propertyFilter, range, selector } from './random-worlds.ts';
import type { World } from './world.ts';

/** Properties in every form, and reports that read them in every way (reports.md 3.3–3.7, 14). */

type BreakdownInput = NonNullable<Extract<QueryInput, { type: 'insights' }>['breakdowns']>[number];

const hourMs = 3_600_000;
const firstMs = Date.UTC(2024, 2, 8);

const texts = fc.constantFrom(
  'ads',
  'mail',
  'Mail',
  '',
  '5',
  '-2.5',
  'x5',
  'true',
  'false',
  '["ads","5"]',
);
const numbers = fc.constantFrom(0, 1, 2, 5, -3, 2.5, 299, 300);
const objects: fc.Arbitrary<PropertyValue> = fc.record(
  {
    kind: fc.constantFrom('a', 'b', null, 7),
    price: fc.constantFrom(10, 2.5, '4', null),
    tags: fc.constantFrom<PropertyValue>(['ads', 'mail'], [], 'ads'),
  },
  { requiredKeys: [] },
);
const values: Readonly<Record<string, fc.Arbitrary<PropertyValue>>> = {
  source: fc.oneof(texts, fc.constantFrom<PropertyValue>(null, true, 5, ['ads', 'mail', 'ads'])),
  amount: fc.oneof(numbers, numbers, texts, fc.constant(null)),
  tags: fc.oneof(
    fc.array(texts, { maxLength: 3 }),
    fc.constantFrom<PropertyValue>('ads', [1, '1', null]),
  ),
  items: fc.oneof(
    fc.array(objects, { maxLength: 3 }),
    objects,
    fc.constantFrom<PropertyValue>('no', [[], 3]),
  ),
  // A second between 5 and 6 March and the hours around changes of the clock are among them.
  date: fc.constantFrom<PropertyValue>(
    '2024-03-08',
    '2024-03-10',
    '2024-03-10T06:59:59',
    '2024-03-10T07:00:00Z',
    '2024-03-31T00:30:00+01:00',
    '2024-04-06T15:10:00',
    '2024-04-06T15:40:00.250',
    1709856000,
    1709856000000,
    'no date',
    ['2024-03-08', 'x', 1710000000],
    null,
  ),
};
const names = Object.keys(values);

const properties = fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<Properties>;

/** Few users with much in common, so that touches, lenders and buckets meet. */
export const richWorld: fc.Arbitrary<World> = fc.record({
  events: fc.array(
    fc.record({
      user: fc.constantFrom('', 'ada', 'ada', 'ada', 'bob', 'bob', 'cyd'),
      event: fc.constantFrom('A', 'A', 'B', 'B', 'C', '$identify'),
      time: fc
        .tuple(fc.nat({ max: 44 }), fc.constantFrom(0, 0, 0, 1, -1))
        .map(([halfDay, shift]) => firstMs + halfDay * 12 * hourMs + shift),
      properties,
    }),
    { maxLength: 40, size: 'max' },
  ),
  people: fc.dictionary(fc.constantFrom('ada', 'bob', 'dan'), properties, {
    maxKeys: 3,
    size: 'max',
  }),
});

/** One lookup table, of which every column is known. */
export const richDefinitions: ProjectDefinitions = {
  ...noDefinitions,
  // Names of their own, so that what is stored by a single one is asked for, too.
  propertyNames: (name) => (name === 'merged' ? ['tags', 'source', 'amount'] : undefined),
  lookup: (table, column) =>
    table === 'channels'
      ? {
          keys: ['ads', 'mail', '5', 'true'],
          values: column === 'kind' ? ['paid', 'free', 5, null] : [true, ['x', 'y'], '', 'paid'],
        }
      : undefined,
};

const stored = fc.record({
  scope: fc.constantFrom('event' as const, 'event' as const, 'person' as const),
  name: fc.constantFrom(...names, 'merged', 'merged', 'p', 'n', 'missing'),
});

const cast = fc.constantFrom(
  undefined,
  undefined,
  'string' as const,
  'number' as const,
  'boolean' as const,
  'date' as const,
  'list' as const,
);

const nested: fc.Arbitrary<PropertyRefInput> = fc
  .tuple(
    fc.constantFrom('event' as const, 'person' as const),
    fc.constantFrom('kind', 'price', 'tags'),
  )
  .map(([scope, key]) => ({ scope, name: 'items', path: [key] }));

const formula = fc.constantFrom(
  'properties["amount"] * 2',
  'if(defined(user["source"]), user["source"], properties["source"])',
  'len(properties["source"]) + number(properties["amount"])',
  'map(i, properties["items"], i["price"])',
  'split(properties["source"], "a")',
  'if(event["$time"] > 1710000000, event["$event"], event["$distinct_id"])',
  'datedif(properties["date"], today(), "D")',
  'let(a, properties["amount"], if(a > 2, "high", if(defined(a), "low", undefined)))',
  '1 / 0',
  'if(len(properties["merged"]) > 1, properties["merged"], properties["source"])',
);

const model: fc.Arbitrary<AttributionModel> = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'first' as const,
      'last' as const,
      'linear' as const,
      'participation' as const,
      'time_decay' as const,
      'u_shaped' as const,
      'j_shaped' as const,
      'inverse_j' as const,
    ),
  }),
  fc
    .tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }))
    .map(([first, middle, last]) => ({ type: 'custom' as const, first: first + 1, middle, last })),
);

const span = fc.record({
  value: fc.constantFrom(1, 3, 24),
  unit: fc.constantFrom('hour' as const, 'day' as const),
});

/** What is worked out from a value by itself: of events, persons and items alike. */
const valueComputed: fc.Arbitrary<ComputedPropertyInput> = fc.oneof(
  fc.record({
    type: fc.constant('lookup' as const),
    table: fc.constant('channels'),
    column: fc.constantFrom('kind', 'other'),
  }),
  fc.record(
    {
      type: fc.constant('items' as const),
      aggregate: fc.constantFrom('size' as const, 'sum' as const, 'distinct_count' as const),
      key: fc.constantFrom('price', 'kind'),
    },
    { requiredKeys: ['type', 'aggregate'] },
  ),
);

const formulaProperty: fc.Arbitrary<PropertyRefInput> = fc.oneof(
  formula.map((expression) => ({
    scope: 'event' as const,
    name: 'made',
    computed: { type: 'formula' as const, expression },
  })),
  // What tells the dialects apart: the case of texts, and what "not" is of.
  fc
    .constantFrom(
      'properties["source"] == "Ads" or not defined(user["amount"])',
      'not properties["source"]',
      'properties["tags"]',
    )
    .map((expression) => ({
      scope: 'event' as const,
      name: 'made',
      computed: { type: 'formula' as const, expression, dialect: 'api' as const },
    })),
  fc.constant<PropertyRefInput>({
    scope: 'person',
    name: 'made',
    computed: { type: 'formula', expression: 'properties["amount"] + user["amount"]' },
  }),
);

const behaviorProperty: fc.Arbitrary<PropertyRefInput> = fc
  .tuple(
    fc.constantFrom('event' as const, 'person' as const),
    selector,
    fc.constantFrom(
      'count' as const,
      'sum' as const,
      'average' as const,
      'min' as const,
      'max' as const,
      'distinct_count' as const,
    ),
    fc.constantFrom('amount', 'source'),
  )
  .map(([scope, own, aggregate, name]) => ({
    scope,
    name: 'made',
    computed: {
      type: 'behavior',
      selector: own,
      aggregate,
      ...(aggregate !== 'count' && { property: { scope: 'event' as const, name } }),
    },
  }));

const historyProperty: fc.Arbitrary<PropertyRefInput> = fc
  .tuple(
    fc.constantFrom('source', 'amount', 'tags', 'merged'),
    fc.oneof(
      fc.record({ type: fc.constant('borrowed' as const), selector, within: span }),
      fc.record({ type: fc.constant('attributed' as const), model, lookback: span }),
    ),
  )
  .map(([name, computed]) => ({ scope: 'event', name, computed }));

const uncast: fc.Arbitrary<PropertyRefInput> = fc.oneof(
  stored,
  nested,
  fc
    .tuple(fc.oneof(stored, nested), valueComputed)
    .map(([ref, computed]) => ({ ...ref, computed })),
  formulaProperty,
  behaviorProperty,
  historyProperty,
  fc.constant<PropertyRefInput>({ scope: 'event', name: 'next', computed: { type: 'until_next' } }),
);

export const richProperty: fc.Arbitrary<PropertyRefInput> = fc
  .tuple(uncast, cast)
  .map(([ref, to]) => (to === undefined ? ref : { ...ref, cast: to }));

const quantifier = fc.constantFrom(undefined, 'any' as const, 'all' as const);

const dateFilter: fc.Arbitrary<PropertyFilterInput> = fc
  .tuple(
    fc.constantFrom('event' as const, 'person' as const),
    fc.constantFrom(undefined, 'date' as const),
    fc.oneof(
      fc.record({
        operator: fc.constantFrom(
          'was_on' as const,
          'was_not_on' as const,
          'was_before' as const,
          'was_since' as const,
        ),
        values: fc
          .constantFrom('2024-03-08', '2024-03-10', '2024-03-10T07:00:00Z')
          .map((on) => [on]),
      }),
      fc.record({
        operator: fc.constantFrom('was_between' as const, 'was_not_between' as const),
        values: fc.constant('2024-03-08').map((from) => [from, '2024-03-10']),
      }),
      fc.record({
        operator: fc.constantFrom(
          'was_in_last' as const,
          'was_not_in_last' as const,
          'was_in_next' as const,
        ),
        values: fc.constantFrom(1, 3).map((count) => [count]),
        unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      }),
    ),
    quantifier,
  )
  .map(([scope, to, own, which]) => ({
    type: 'property',
    property: { scope, name: 'date', ...(to && { cast: to }) },
    ...own,
    ...(which && { quantifier: which }),
  }));

const itemsFilter: fc.Arbitrary<FilterInput> = fc
  .tuple(
    fc.constantFrom('any' as const, 'all' as const),
    fc.array(
      fc
        .tuple(propertyFilter, fc.constantFrom('kind', 'price', 'tags'), cast)
        .map(([own, name, to]) => ({
          ...own,
          property: { scope: 'item' as const, name, ...(to && { cast: to }) },
        })),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([which, filters]) => ({
    type: 'items',
    property: { scope: 'event', name: 'items' },
    quantifier: which,
    filters,
  }));

/** Conditions as `where` gives them: of one property, which are judged by value, and of several, which are not. */
const expressionFilter: fc.Arbitrary<FilterInput> = fc
  .tuple(
    fc.constantFrom('event' as const, 'event' as const, 'person' as const),
    fc.constantFrom(
      'properties["source"] == "ads"',
      'properties["source"] != "Ads"',
      'not (properties["amount"] > 2)',
      'not properties["source"]',
      'properties["source"] in ["ads", 5] or properties["source"] > 3',
      '"a" in properties["source"] and not defined(properties["tags"])',
      'properties["tags"] == ["ads", "mail"]',
      'properties["merged"] == 5',
      'user["amount"] >= 2',
      'boolean(properties["date"])',
      'number(properties["source"])',
    ),
  )
  .map(([scope, expression]) => ({
    type: 'property',
    property: {
      scope,
      name: 'made where',
      computed: { type: 'formula', expression, dialect: 'api' },
      cast: 'boolean',
    },
    operator: 'is_true',
  }));

export const richFilter: fc.Arbitrary<FilterInput> = fc.oneof(
  expressionFilter,
  fc.tuple(propertyFilter, richProperty, quantifier).map(([own, property, which]) => ({
    ...own,
    property,
    ...(which && { quantifier: which }),
  })),
  dateFilter,
  itemsFilter,
);

const buckets = fc.constantFrom<BreakdownBuckets[]>(
  { type: 'none' },
  { type: 'none' },
  { type: 'numbers' },
  { type: 'even', min: 0, max: 300, size: 100 },
  { type: 'even', min: -2, max: 3, size: 2 },
  { type: 'varied', edges: [0, 2.5, 5] },
  {
    type: 'groups',
    groups: [
      { name: 'known', values: ['ads', 'mail', '5'] },
      { name: 'late', values: ['mail', ''] },
    ],
  },
);

/** The calendar of the model has dates of 2024 alone. */
const dateBreakdown: fc.Arbitrary<Breakdown> = fc
  .tuple(
    fc.constantFrom('event' as const, 'person' as const),
    fc.constantFrom(undefined, 'date' as const),
    fc.constantFrom(
      'minute' as const,
      'hour' as const,
      'day' as const,
      'week' as const,
      'month' as const,
      'quarter' as const,
      'year' as const,
      'hour_of_day' as const,
      'day_of_week' as const,
    ),
  )
  .map(([scope, to, unit]) => ({
    property: { scope, name: 'date', ...(to && { cast: to }) },
    buckets: { type: 'date', unit },
  }));

const cohortBreakdown = fc.constantFrom<Breakdown[]>(
  { type: 'cohort', cohorts: [{ type: 'users', name: 'own', ids: ['ada', 'dan'] }] },
  {
    type: 'cohort',
    cohorts: [
      { type: 'users', name: 'own', ids: ['ada'] },
      { type: 'users', name: 'both', ids: ['ada', 'bob'] },
    ],
  },
);

export const richBreakdown: fc.Arbitrary<BreakdownInput> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      {
        property: richProperty,
        buckets,
        items: fc.constantFrom('all' as const, 'matching' as const),
      },
      { requiredKeys: ['property'] },
    ),
  },
  { weight: 2, arbitrary: dateBreakdown },
  { weight: 1, arbitrary: cohortBreakdown },
);

const common = {
  range,
  filters: fc.array(richFilter, { maxLength: 2 }),
  breakdowns: fc.array(richBreakdown, { maxLength: 3 }),
  segmentsMax: fc.constantFrom(2, 200),
};

const measure = fc.oneof(
  fc.record({ type: fc.constantFrom('total' as const, 'unique' as const) }),
  fc.record({
    type: fc.constantFrom(
      'sum' as const,
      'average' as const,
      'max' as const,
      'median' as const,
      'distinct_count' as const,
    ),
    property: richProperty,
  }),
);

const inlineSelector = fc
  .tuple(selector, fc.array(richFilter, { maxLength: 1 }))
  .map(([{ anyOf }, filters]) => ({ anyOf: anyOf.map((match) => ({ ...match, filters })) }));

const people = fc.record({
  type: fc.constant('people' as const),
  filters: fc.array(richFilter, { maxLength: 1 }),
  measure: fc.oneof(
    fc.constant({ type: 'total' as const }),
    fc.record({
      type: fc.constantFrom('sum' as const, 'median' as const, 'distinct_count' as const),
      property: richProperty,
    }),
  ),
});

const propertyInsights: fc.Arbitrary<QueryInput> = fc.record({
  type: fc.constant('insights' as const),
  ...common,
  unit: fc.constantFrom('day' as const, 'week' as const, 'total' as const),
  otherSegment: fc.boolean(),
  metrics: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ selector: inlineSelector, measure }) },
      { weight: 1, arbitrary: people },
    ),
    { minLength: 1, maxLength: 2 },
  ),
}) as fc.Arbitrary<QueryInput>;

const richParts = { ...common, selector: inlineSelector };

/** Every report, with filters, breakdowns and values that are more than stored properties. */
export const propertyQuery: fc.Arbitrary<QueryInput> = fc.oneof(
  { weight: 4, arbitrary: propertyInsights },
  { weight: 1, arbitrary: matchingInsights({ cast, filter: richFilter }) },
  {
    weight: 2,
    arbitrary: optionFunnel({ common, selector: inlineSelector, property: richProperty }),
  },
  {
    weight: 1,
    arbitrary: withBreakdowns(retentionQuery(richParts)),
  },
  { weight: 1, arbitrary: retentionAfter({ ...richParts, property: richProperty }) },
  { weight: 1, arbitrary: withBreakdowns(frequencyQuery(richParts)) },
  {
    weight: 1,
    arbitrary: flowQuery({ ...richParts, breakdowns: fc.array(richBreakdown, { maxLength: 1 }) }),
  },
);

function withBreakdowns(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  return fc
    .tuple(query, common.breakdowns)
    .map(([own, breakdowns]) => ({ ...own, breakdowns }) as QueryInput);
}
