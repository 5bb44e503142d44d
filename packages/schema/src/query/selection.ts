import { z } from 'zod';
import { durationSchema, momentSchema, rangeSchema, timeUnitSchema } from './time.ts';
import type { Duration } from './time.ts';

/**
 * Which properties, which events and which users: `reports.md` 3, 9 and 14. One file, because each of them
 * may hold the others: a filter a cohort, a cohort what people did, and what they did filters.
 */

/** What a property is read as (3.5). */
export const propertyCastSchema = z.enum(['string', 'number', 'boolean', 'date', 'list']);
export type PropertyCast = z.infer<typeof propertyCastSchema>;

/** Over the events of one user. */
export const userAggregateSchema = z.enum(['sum', 'average', 'min', 'max', 'distinct_count']);
export type UserAggregate = z.infer<typeof userAggregateSchema>;

/** Shares of touches (14.6). `custom`: of the first, of all between, of the last; they are normalised. */
export const attributionModelSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.enum([
      'first',
      'last',
      'linear',
      'participation',
      'time_decay',
      'u_shaped',
      'j_shaped',
      'inverse_j',
    ]),
  }),
  z.object({
    type: z.literal('custom'),
    first: z.number().min(0),
    middle: z.number().min(0),
    last: z.number().min(0),
  }),
]);
export type AttributionModel = z.infer<typeof attributionModelSchema>;

/** Two steps of a funnel, numbered from 0. */
export interface StepPair {
  from: number;
  to: number;
}

/**
 * A value that is worked out when it is asked for (14).
 * - `formula`: an expression over properties (`docs/expressions.md`); `name` is only what it is called. `dialect` api reads
 *   it as `where` and `on` of Mixpanel's Query API (`query-api.md` 19).
 * - `lookup`: column `column` of a lookup table, found by the text of the value of `name` (14.7); a list
 *   is mapped item by item.
 * - `items`: about a list: its length, or the sum or the number of different values of `key` in its objects.
 * - `borrowed`: the value of `name` at the user's latest earlier event of `selector` that has one, not longer
 *   ago than `within` (14.4).
 * - `behavior`: how often the user did something, or an aggregate of `property` over it (14.5). With `between`
 *   it belongs to attempts of a funnel: what lies strictly between two steps (5.10). With `within` it belongs to
 *   births of a retention: what lies after the birth event, at most so long (14.5).
 * - `attributed`: in a breakdown of a metric, the touches of `name` up to the event (14.6).
 * - `until_next`: seconds to the user's next event of the same name (14.8).
 */
export type ComputedProperty =
  | { type: 'formula'; expression: string; dialect?: 'api' | undefined }
  | { type: 'lookup'; table: string; column: string }
  | { type: 'items'; aggregate: 'size' | 'sum' | 'distinct_count'; key?: string | undefined }
  | { type: 'borrowed'; selector: EventSelector; within: Duration }
  | {
      type: 'behavior';
      selector: EventSelector;
      aggregate: 'count' | UserAggregate;
      /** Of the events; none for `count`. */
      property?: PropertyRef | undefined;
      /**
       * Steps from 0, in the order in which they were done: in filters and breakdowns of funnels alone. What fulfils
       * a step does not count; an attempt that does not reach `to` has no value.
       */
      between?: StepPair | undefined;
      /** In filters and breakdowns of retentions alone: a filter that holds one is about births, not about returns. */
      within?: Duration | undefined;
    }
  | { type: 'attributed'; model: AttributionModel; lookback: Duration }
  | { type: 'until_next' };
export type ComputedPropertyInput =
  | Extract<ComputedProperty, { type: 'formula' | 'lookup' | 'items' | 'until_next' }>
  | { type: 'borrowed'; selector: EventSelectorInput; within?: Duration | undefined }
  | {
      type: 'behavior';
      selector: EventSelectorInput;
      aggregate: 'count' | UserAggregate;
      property?: PropertyRefInput | undefined;
      between?: StepPair | undefined;
      within?: Duration | undefined;
    }
  | { type: 'attributed'; model: AttributionModel; lookback?: Duration | undefined };

/**
 * A property as a report reads it: the stored one of that name, then the nested key of `path`, then
 * `computed`, then `cast`. Scope `item` exists in filters on the objects of a list alone: a key of the object.
 * Scope `group` is a property of the group that the event's property `groupKey` names; of several groups a list (3.3).
 */
export interface PropertyRef {
  scope: 'event' | 'person' | 'group' | 'item';
  name: string;
  /** Of scope `group` alone: which groups. */
  groupKey?: string | undefined;
  path?: string[] | undefined;
  computed?: ComputedProperty | undefined;
  cast?: PropertyCast | undefined;
}
export type PropertyRefInput = Omit<PropertyRef, 'computed'> & {
  computed?: ComputedPropertyInput | undefined;
};

const computedPropertySchema: z.ZodType<ComputedProperty, ComputedPropertyInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('formula'),
      expression: z.string().min(1).max(20_000),
      dialect: z.literal('api').optional(),
    }),
    z.object({
      type: z.literal('lookup'),
      table: z.string().min(1).max(255),
      column: z.string().min(1).max(255),
    }),
    z.object({
      type: z.literal('items'),
      aggregate: z.enum(['size', 'sum', 'distinct_count']),
      key: z.string().min(1).optional(),
    }),
    z.object({
      type: z.literal('borrowed'),
      selector: eventSelectorSchema,
      within: durationSchema.default({ value: 7, unit: 'day' }),
    }),
    z.object({
      type: z.literal('behavior'),
      selector: eventSelectorSchema,
      aggregate: z.enum(['count', ...userAggregateSchema.options]),
      property: propertyRefSchema.optional(),
      between: z.object({ from: z.number().int().min(0), to: z.number().int().min(1) }).optional(),
      within: durationSchema.optional(),
    }),
    z.object({
      type: z.literal('attributed'),
      model: attributionModelSchema,
      lookback: durationSchema.default({ value: 30, unit: 'day' }),
    }),
    z.object({ type: z.literal('until_next') }),
  ]),
);

export const propertyRefSchema: z.ZodType<PropertyRef, PropertyRefInput> = z.object({
  scope: z.enum(['event', 'person', 'group', 'item']),
  name: z.string().min(1),
  groupKey: z.string().min(1).optional(),
  path: z.array(z.string().min(1)).min(1).max(3).optional(),
  computed: computedPropertySchema.optional(),
  cast: propertyCastSchema.optional(),
});

export const filterOperators = [
  'equals',
  'does_not_equal',
  'contains',
  'does_not_contain',
  'starts_with',
  'ends_with',
  'greater_than',
  'less_than',
  'at_least',
  'at_most',
  'between',
  'not_between',
  'is_true',
  'is_false',
  'is_set',
  'is_not_set',
  'was_on',
  'was_not_on',
  'was_before',
  'was_since',
  'was_between',
  'was_not_between',
  'was_in_last',
  'was_not_in_last',
  'was_in_next',
] as const;
export const filterOperatorSchema = z.enum(filterOperators);
export type FilterOperator = z.infer<typeof filterOperatorSchema>;

const filterValueSchema = z.union([z.string(), z.number(), z.boolean()]);
export type FilterValue = z.infer<typeof filterValueSchema>;

export const propertyFilterSchema = z.object({
  type: z.literal('property'),
  property: propertyRefSchema,
  operator: filterOperatorSchema,
  /**
   * `equals`: any of them; negative operators: none of them; `between`: [low, high]; `is_set` …: none. Dates
   * are moments, as in a range; `was_in_last` and its like take one number, counted in `unit`.
   */
  values: z.array(filterValueSchema).default([]),
  unit: timeUnitSchema.optional(),
  /**
   * Of the items of a list (a single value is a list of one); default `any`. Negative operators are the
   * contrary of their positive. With `all` an empty list does not pass (3.6).
   */
  quantifier: z.enum(['any', 'all']).optional(),
  /** Of "contains", "does not contain", "starts with" and "ends with" alone, which ignore case otherwise (3.4). */
  matchCase: z.boolean().optional(),
});
export type PropertyFilter = z.infer<typeof propertyFilterSchema>;
export type PropertyFilterInput = z.input<typeof propertyFilterSchema>;

/** Lists of objects: whether any or all of the objects pass every filter; their keys are of scope `item`. */
export interface ItemsFilter {
  type: 'items';
  property: PropertyRef;
  quantifier: 'any' | 'all';
  filters: Filter[];
}
/** Whether the user is in any of the cohorts, as they are now (9.2). */
export interface CohortFilter {
  type: 'cohort';
  operator: 'in' | 'not_in';
  cohorts: CohortRef[];
}
export type Filter =
  | PropertyFilter
  | ItemsFilter
  | CohortFilter
  | { type: 'all'; filters: Filter[] }
  | { type: 'any'; filters: Filter[] };
export type FilterInput =
  | PropertyFilterInput
  | (Omit<ItemsFilter, 'property' | 'filters'> & {
      property: PropertyRefInput;
      filters: FilterInput[];
    })
  | (Omit<CohortFilter, 'cohorts'> & { cohorts: CohortRefInput[] })
  | { type: 'all'; filters: FilterInput[] }
  | { type: 'any'; filters: FilterInput[] };
export const filterSchema: z.ZodType<Filter, FilterInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    propertyFilterSchema,
    z.object({
      type: z.literal('items'),
      property: propertyRefSchema,
      quantifier: z.enum(['any', 'all']),
      filters: z.array(filterSchema).min(1),
    }),
    z.object({
      type: z.literal('cohort'),
      operator: z.enum(['in', 'not_in']),
      cohorts: z.array(cohortRefSchema).min(1).max(50),
    }),
    z.object({ type: z.literal('all'), filters: z.array(filterSchema) }),
    z.object({ type: z.literal('any'), filters: z.array(filterSchema) }),
  ]),
);

/**
 * One event with filters of its own. `event: null` is any event (3.2). The names `$session_start` and
 * `$session_end` are the ends of sessions (12); `$custom_event:<id>` stands for what that custom event is.
 */
export const eventMatchSchema = z.object({
  event: z.string().min(1).nullable(),
  /**
   * What a custom event is (14.1), with `event: null`: any of these. Its first time is the first of all of them;
   * `filters` are those of the place where it is used.
   */
  definition: z
    .array(
      z.object({ event: z.string().min(1).nullable(), filters: z.array(filterSchema).default([]) }),
    )
    .min(1)
    // Each of the 25 that people may write may stand for several that were merged.
    .max(1000)
    .optional(),
  /** All must pass. */
  filters: z.array(filterSchema).default([]),
  /**
   * Only the user's first event of that name ever, by time; ties all match (3.4). `event`: the first one, if it
   * passes the filters; `matching`: the first one of those that pass.
   */
  firstTime: z.enum(['event', 'matching']).optional(),
});
/** "A or B": any of these events. */
export const eventSelectorSchema = z.object({
  anyOf: z.array(eventMatchSchema).min(1).max(25),
  /** Name shown instead of the event's. */
  label: z.string().max(255).optional(),
});
export type EventMatch = z.infer<typeof eventMatchSchema>;
export type EventSelector = z.infer<typeof eventSelectorSchema>;
export type EventSelectorInput = z.input<typeof eventSelectorSchema>;

/** When somebody did something: two ends as in a report, since a moment, the last units up to now (2.2), or ever. */
export const behaviorSpanSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('range'), ...rangeSchema.shape }),
  z.object({ type: z.literal('since'), from: momentSchema }),
  z.object({
    type: z.literal('last'),
    /** With `unit`: so many of them, the running one included. */
    days: z.number().int().min(1).max(3660),
    unit: z.enum(['day', 'week', 'month']).default('day'),
  }),
  z.object({ type: z.literal('ever') }),
]);
export type BehaviorSpan = z.infer<typeof behaviorSpanSchema>;
type BehaviorSpanInput = z.input<typeof behaviorSpanSchema>;

export const comparisonOperatorSchema = z.enum([
  'at_least',
  'at_most',
  'exactly',
  'not_exactly',
  'greater_than',
  'less_than',
  'between',
]);
export type ComparisonOperator = z.infer<typeof comparisonOperatorSchema>;

/** "Did not" is `at_most` 0. */
export const behaviorCountSchema = z.object({
  operator: comparisonOperatorSchema,
  value: z.number(),
  /** The upper end of `between`, inside. */
  to: z.number().optional(),
});
export type BehaviorCount = z.infer<typeof behaviorCountSchema>;

/**
 * What of the events is compared; how many without it. Of a user without a number, an aggregate other than
 * `distinct_count` passes nothing. `distinct_time`: on how many different days, hours …
 */
export const behaviorMeasureSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('count') }),
  z.object({ type: userAggregateSchema, property: propertyRefSchema }),
  z.object({ type: z.literal('distinct_time'), unit: timeUnitSchema }),
]);
export type BehaviorMeasure = z.infer<typeof behaviorMeasureSchema>;

/** "Did these events so often in that time": true or false of a user (9.1). */
export interface Behavior {
  type: 'behavior';
  selector: EventSelector;
  measure: BehaviorMeasure;
  count: BehaviorCount;
  span: BehaviorSpan;
}
/** "Did these one after the other": a funnel of any entry within the span (9.1). */
export interface SequenceBehavior {
  type: 'sequence';
  steps: EventSelector[];
  /** From the first step to the last. */
  window: Duration;
  span: BehaviorSpan;
  /** `false`: did not. */
  did: boolean;
}
/** Whether the user is behind a number of a report (9.1, 6): the report is asked anew. */
export interface ReportMembership {
  type: 'report';
  /** A `listQuerySchema`, checked when the condition is planned: reports and conditions hold each other. */
  list: unknown;
}
/** A condition on users: what they did, what they are, which cohort they are in, or a group of these. */
export type UserCondition =
  | Behavior
  | SequenceBehavior
  | ReportMembership
  | PropertyFilter
  | ItemsFilter
  | CohortFilter
  | { type: 'all'; filters: UserCondition[] }
  | { type: 'any'; filters: UserCondition[] };
export type UserConditionInput =
  | {
      type: 'behavior';
      selector: EventSelectorInput;
      measure?: z.input<typeof behaviorMeasureSchema> | undefined;
      count?: BehaviorCount | undefined;
      span: BehaviorSpanInput;
    }
  | {
      type: 'sequence';
      steps: EventSelectorInput[];
      window?: Duration | undefined;
      span: BehaviorSpanInput;
      did?: boolean | undefined;
    }
  | ReportMembership
  | PropertyFilterInput
  | (Omit<ItemsFilter, 'property' | 'filters'> & {
      property: PropertyRefInput;
      filters: FilterInput[];
    })
  | (Omit<CohortFilter, 'cohorts'> & { cohorts: CohortRefInput[] })
  | { type: 'all'; filters: UserConditionInput[] }
  | { type: 'any'; filters: UserConditionInput[] };
export const userConditionSchema: z.ZodType<UserCondition, UserConditionInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('behavior'),
      selector: eventSelectorSchema,
      measure: behaviorMeasureSchema.default({ type: 'count' }),
      count: behaviorCountSchema.default({ operator: 'at_least', value: 1 }),
      span: behaviorSpanSchema,
    }),
    z.object({
      type: z.literal('sequence'),
      steps: z.array(eventSelectorSchema).min(2).max(20),
      window: durationSchema.default({ value: 7, unit: 'day' }),
      span: behaviorSpanSchema,
      did: z.boolean().default(true),
    }),
    z.object({ type: z.literal('report'), list: z.unknown() }),
    propertyFilterSchema,
    z.object({
      type: z.literal('items'),
      property: propertyRefSchema,
      quantifier: z.enum(['any', 'all']),
      filters: z.array(filterSchema).min(1),
    }),
    z.object({
      type: z.literal('cohort'),
      operator: z.enum(['in', 'not_in']),
      cohorts: z.array(cohortRefSchema).min(1).max(50),
    }),
    z.object({ type: z.literal('all'), filters: z.array(userConditionSchema) }),
    z.object({ type: z.literal('any'), filters: z.array(userConditionSchema) }),
  ]),
);

/**
 * A cohort where it is used: a saved one by its id, one that is described in place, or a frozen list of users.
 * Saved ones are put in by the query server before a query is planned.
 */
export type CohortRef =
  | { type: 'saved'; id: string }
  | { type: 'conditions'; name?: string | undefined; filters: UserCondition[] }
  | { type: 'users'; name?: string | undefined; ids: string[] };
export type CohortRefInput =
  | Exclude<CohortRef, { type: 'conditions' }>
  | { type: 'conditions'; name?: string | undefined; filters: UserConditionInput[] };
export const cohortRefSchema: z.ZodType<CohortRef, CohortRefInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('saved'), id: z.string().min(1) }),
    z.object({
      type: z.literal('conditions'),
      name: z.string().max(255).optional(),
      filters: z.array(userConditionSchema).min(1),
    }),
    z.object({
      type: z.literal('users'),
      name: z.string().max(255).optional(),
      ids: z.array(z.string()).max(1_000_000),
    }),
  ]),
);
