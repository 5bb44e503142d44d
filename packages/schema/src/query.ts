import { z } from 'zod';

/**
 * The query AST. The dashboard, `/api/v1/query` and the Mixpanel-compatible API all compile to it;
 * meaning: `reports.md` 2-6. New options are added as optional fields with the documented default.
 */

const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected YYYY-MM-DD');
const instant = z.iso.datetime({ offset: true, local: true });

/** Both ends inside. A date is the whole local day; a time without offset is local to the project. */
export const rangeSchema = z.object({
  from: z.union([localDate, instant]),
  to: z.union([localDate, instant]),
});
export type Range = z.infer<typeof rangeSchema>;

export const propertyRefSchema = z.object({
  scope: z.enum(['event', 'person']),
  name: z.string().min(1),
});
export type PropertyRef = z.infer<typeof propertyRefSchema>;

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
] as const;
export const filterOperatorSchema = z.enum(filterOperators);
export type FilterOperator = z.infer<typeof filterOperatorSchema>;

const filterValue = z.union([z.string(), z.number(), z.boolean()]);
export type FilterValue = z.infer<typeof filterValue>;

export const propertyFilterSchema = z.object({
  type: z.literal('property'),
  property: propertyRefSchema,
  operator: filterOperatorSchema,
  /** `equals`: any of them; negative operators: none of them; `between`: [low, high]; `is_set` …: none. */
  values: z.array(filterValue).default([]),
});
export type PropertyFilter = z.infer<typeof propertyFilterSchema>;

export type Filter =
  PropertyFilter | { type: 'all'; filters: Filter[] } | { type: 'any'; filters: Filter[] };
export type FilterInput =
  | z.input<typeof propertyFilterSchema>
  | { type: 'all'; filters: FilterInput[] }
  | { type: 'any'; filters: FilterInput[] };
export const filterSchema: z.ZodType<Filter, FilterInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    propertyFilterSchema,
    z.object({ type: z.literal('all'), filters: z.array(filterSchema) }),
    z.object({ type: z.literal('any'), filters: z.array(filterSchema) }),
  ]),
);

/** "A or B": any of these events, each with filters of its own. `event: null` is any event (3.2). */
export const eventMatchSchema = z.object({
  event: z.string().min(1).nullable(),
  /** All must pass. */
  filters: z.array(filterSchema).default([]),
});
export const eventSelectorSchema = z.object({
  anyOf: z.array(eventMatchSchema).min(1).max(25),
  /** Name shown instead of the event's. */
  label: z.string().max(255).optional(),
});
export type EventMatch = z.infer<typeof eventMatchSchema>;
export type EventSelector = z.infer<typeof eventSelectorSchema>;

export const timeUnitSchema = z.enum(['hour', 'day', 'week', 'month']);
export type TimeUnit = z.infer<typeof timeUnitSchema>;

export const breakdownSchema = z.object({ property: propertyRefSchema });
export type Breakdown = z.infer<typeof breakdownSchema>;

export const measureSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('total') }),
  z.object({ type: z.literal('unique') }),
  /** Distinct users in the 1, 7, 30 days that end with the last day of the bucket. */
  z.object({ type: z.enum(['dau', 'wau', 'mau']) }),
  /** The same over any number of days: 28-day actives … */
  z.object({ type: z.literal('active'), days: z.number().int().min(1).max(366) }),
  z.object({
    type: z.enum(['sum', 'average', 'min', 'max', 'median', 'distinct_count']),
    property: propertyRefSchema,
  }),
  z.object({
    type: z.literal('percentile'),
    property: propertyRefSchema,
    percentile: z.number().min(0).max(100),
  }),
]);
export type Measure = z.infer<typeof measureSchema>;

const common = {
  range: rangeSchema,
  /** All must pass; in funnels a global filter is applied after the attempts were found (5.8). */
  filters: z.array(filterSchema).default([]),
  /** One for now; several are flattened combinations later. */
  breakdowns: z.array(breakdownSchema).max(1).default([]),
  /** How many segments come back, best first (3.8); the answer says how many there are. */
  segmentsMax: z.number().int().min(1).max(3000).default(200),
};

export const insightsQuerySchema = z.object({
  type: z.literal('insights'),
  ...common,
  metrics: z
    .array(z.object({ selector: eventSelectorSchema, measure: measureSchema }))
    .min(1)
    .max(40),
  /** `total`: one bucket, which is the whole range. Its values are the range values (4.2). */
  unit: z.enum([...timeUnitSchema.options, 'total']).default('day'),
  /**
   * Index of the metric whose best segments come back for every metric, in its order; a metric that has
   * nothing in one of them has a line of nothing there. Absent: each metric has its own best ones (3.8).
   */
  rankBy: z.number().int().min(0).optional(),
  /**
   * One more row for each metric, after its segments, where not all came back: what lies in any of the
   * others, computed as one segment (users who are in several of them count once). Costs a second pass.
   */
  otherSegment: z.boolean().default(false),
});
export type InsightsQuery = z.infer<typeof insightsQuerySchema>;

/** Fixed lengths (5.2): day 24 h, week 7 days, month 30 days. */
export const durationSchema = z.object({
  value: z.number().int().positive(),
  unit: z.enum(['second', 'minute', 'hour', 'day', 'week', 'month']),
});
export type Duration = z.infer<typeof durationSchema>;

export const funnelQuerySchema = z.object({
  type: z.literal('funnel'),
  ...common,
  steps: z.array(eventSelectorSchema).min(2).max(50),
  window: durationSchema.default({ value: 7, unit: 'day' }),
  counting: z.enum(['unique']).default('unique'),
  order: z.enum(['specific']).default('specific'),
  /**
   * Consecutive steps whose times lie within this may swap. `reports.md` 5.3 gives 2000; the
   * dashboard's default is 0 (`ux.md` UX-FU7).
   */
  graceMs: z.number().int().min(0).max(2000).default(0),
  /**
   * Which attempt a user has.
   * - `first`: that of the first entry in the range (5.2); broken down by an event property, the first one
   *   in each segment, one attempt after the other (5.9).
   * - `any`: every event of step 1 in the range begins an attempt, which is followed as in 5.2 as if it were
   *   the only one: each step is the earliest that may follow. Of these the user has the one that is first
   *   to reach the highest step that any reaches; of several that reach it at one instant, the one with the
   *   latest entry. Times, filters and segments are those of that attempt, so a user is in no other segment.
   */
  entry: z.enum(['first', 'any']).default('first'),
  /** `false`: counts alone; the answer has no times to convert, and costs less. */
  timing: z.boolean().default(true),
  /** Also a funnel per entry bucket, each user once over the whole range (5.11, "table by day"). */
  unit: timeUnitSchema.optional(),
});
export type FunnelQuery = z.infer<typeof funnelQuerySchema>;

export const retentionQuerySchema = z.object({
  type: z.literal('retention'),
  ...common,
  birth: eventSelectorSchema,
  return: eventSelectorSchema,
  unit: z.enum(['day', 'week', 'month']).default('day'),
  /** `on_or_after` is the documented default (6.2, decision 8). */
  criterion: z.enum(['on', 'on_or_after']).default('on_or_after'),
  mode: z.enum(['rolling', 'calendar']).default('rolling'),
  /** `every_bucket`: a user is in each bucket with a birth event; `first`: only that of the first in range. */
  births: z.enum(['every_bucket', 'first']).default('every_bucket'),
  /** Intervals 0 … n − 1. */
  intervals: z.number().int().min(1).max(367).default(8),
});
export type RetentionQuery = z.infer<typeof retentionQuerySchema>;

/** A span of days for a condition: two ends as in a report, or the last days up to now, today included (2.2). */
export const behaviorSpanSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('range'), ...rangeSchema.shape }),
  z.object({ type: z.literal('last'), days: z.number().int().min(1).max(3660) }),
]);
export type BehaviorSpan = z.infer<typeof behaviorSpanSchema>;

/** How often; "did not" is `at_most` 0. */
export const behaviorCountSchema = z.object({
  operator: z.enum(['at_least', 'at_most', 'exactly']),
  value: z.number().int().min(0).max(1_000_000_000),
});
export type BehaviorCount = z.infer<typeof behaviorCountSchema>;

/** "Did these events so often in that time": true or false of a user (9.1). */
export const behaviorSchema = z.object({
  type: z.literal('behavior'),
  selector: eventSelectorSchema,
  count: behaviorCountSchema.default({ operator: 'at_least', value: 1 }),
  span: behaviorSpanSchema,
});
export type Behavior = z.infer<typeof behaviorSchema>;

/** A condition on users: what they did, what they are (properties of scope `person`), or a group of both. */
export type UserCondition =
  | Behavior
  | PropertyFilter
  | { type: 'all'; filters: UserCondition[] }
  | { type: 'any'; filters: UserCondition[] };
export type UserConditionInput =
  | z.input<typeof behaviorSchema>
  | z.input<typeof propertyFilterSchema>
  | { type: 'all'; filters: UserConditionInput[] }
  | { type: 'any'; filters: UserConditionInput[] };
export const userConditionSchema: z.ZodType<UserCondition, UserConditionInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    behaviorSchema,
    propertyFilterSchema,
    z.object({ type: z.literal('all'), filters: z.array(userConditionSchema) }),
    z.object({ type: z.literal('any'), filters: z.array(userConditionSchema) }),
  ]),
);

/** How many users meet every condition, of all that have an event or a profile (9.2). */
export const cohortQuerySchema = z.object({
  type: z.literal('cohort'),
  filters: z.array(userConditionSchema).min(1),
});
export type CohortQuery = z.infer<typeof cohortQuerySchema>;

export const querySchema = z.discriminatedUnion('type', [
  insightsQuerySchema,
  funnelQuerySchema,
  retentionQuerySchema,
  cohortQuerySchema,
]);
export type Query = z.infer<typeof querySchema>;
/** As a client may write it: defaults left out. */
export type QueryInput = z.input<typeof querySchema>;
