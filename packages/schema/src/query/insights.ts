import { z } from 'zod';
import { reportFields } from './report.ts';
import {
  cohortRefSchema,
  eventSelectorSchema,
  filterSchema,
  propertyRefSchema,
  userAggregateSchema,
} from './selection.ts';
import { comparisonSchema, momentSchema, timeUnitSchema } from './time.ts';
import { segmentSchema } from '../result.ts';
import { funnelQuerySchema } from './funnel.ts';
import { retentionQuerySchema } from './retention.ts';

/** Over the users of a bucket, each of whom has one number (4.1). `distribution`: a segment a number, its users counted. */
export const overUsersSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['average', 'sum', 'median', 'min', 'max', 'distribution']) }),
  z.object({ type: z.literal('percentile'), percentile: z.number().min(0).max(100) }),
]);
export type OverUsers = z.infer<typeof overUsersSchema>;

/** `reports.md` 4.1. */
export const measureSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('total') }),
  z.object({ type: z.literal('unique') }),
  /** Distinct users in the 1, 7, 30 days that end with the last day of the bucket. */
  z.object({ type: z.enum(['dau', 'wau', 'mau']) }),
  /** The same over any number of days: 28-day actives … */
  z.object({ type: z.literal('active'), days: z.number().int().min(1).max(366) }),
  /** Distinct users from the start of the range to the end of the bucket (4.4). */
  z.object({ type: z.literal('cumulative_unique') }),
  z.object({ type: z.literal('sessions') }),
  z.object({
    type: z.enum(['sum', 'average', 'min', 'max', 'median', 'distinct_count']),
    property: propertyRefSchema,
  }),
  z.object({
    type: z.literal('percentile'),
    property: propertyRefSchema,
    percentile: z.number().min(0).max(100),
  }),
  /** How many events lie under each number (4.1): a segment a number. */
  z.object({ type: z.literal('distribution'), property: propertyRefSchema }),
  /** Events per active user. */
  z.object({ type: z.literal('frequency'), over: overUsersSchema.default({ type: 'average' }) }),
  /** An aggregate for each user, then one over the users; users without a number are left out. */
  z.object({
    type: z.literal('per_user'),
    property: propertyRefSchema,
    aggregate: userAggregateSchema.default('sum'),
    over: overUsersSchema.default({ type: 'average' }),
  }),
]);
export type Measure = z.infer<typeof measureSchema>;

/** What happens to the values of a metric after they are measured, in this order (4.4). */
const transformations = {
  /** Mean of this bucket and the n − 1 before it, those before the range too. */
  rolling: z.number().int().min(2).max(366).optional(),
  /** Running sum from the start of the range. */
  cumulative: z.boolean().optional(),
};

export const eventMetricSchema = z.object({
  type: z.literal('events').optional(),
  selector: eventSelectorSchema,
  measure: measureSchema,
  /** With a breakdown and `unique`: each user only in the segment of the first or last event of the bucket (4.3). */
  countOnce: z.enum(['first', 'last']).optional(),
  ...transformations,
});
/** Profiles as they are now, without history: one value in every bucket. */
export const peopleMetricSchema = z.object({
  type: z.literal('people'),
  filters: z.array(filterSchema).default([]),
  measure: z.discriminatedUnion('type', [
    z.object({ type: z.literal('total') }),
    z.object({
      type: z.enum(['sum', 'average', 'min', 'max', 'median', 'distinct_count']),
      property: propertyRefSchema,
    }),
    z.object({
      type: z.literal('percentile'),
      property: propertyRefSchema,
      percentile: z.number().min(0).max(100),
    }),
  ]),
});
/** Members as of the end of each bucket (9.4). */
export const cohortMetricSchema = z.object({
  type: z.literal('cohort'),
  cohort: cohortRefSchema,
  ...transformations,
});
/** A funnel or a retention as a metric; range, unit, filters and breakdowns are those of the report. */
export const funnelMetricSchema = z.object({
  type: z.literal('funnel'),
  funnel: funnelQuerySchema.omit({
    type: true,
    range: true,
    filters: true,
    breakdowns: true,
    segmentsMax: true,
    segmentsFrom: true,
    segments: true,
    control: true,
    times: true,
    pathsMax: true,
    unit: true,
    edges: true,
    trends: true,
    compare: true,
  }),
  /**
   * Of step `to`, or of that over step `from` (5.10): attempts that reached it, or the sum of the funnel's `sum` there;
   * the times between the two in ms, of which `percentile_time` takes `percentile`.
   */
  value: z
    .enum([
      'rate',
      'count',
      'average_time',
      'median_time',
      'min_time',
      'max_time',
      'percentile_time',
      'sum',
      'sum_rate',
    ])
    .default('rate'),
  percentile: z.number().min(0).max(100).optional(),
  /** The steps chosen, counted from 0. Default: the first and the last. */
  from: z.number().int().min(0).optional(),
  to: z.number().int().min(0).optional(),
  ...transformations,
});
export const retentionMetricSchema = z.object({
  type: z.literal('retention'),
  retention: retentionQuerySchema.omit({
    type: true,
    range: true,
    filters: true,
    breakdowns: true,
    segmentsMax: true,
    segmentsFrom: true,
    segments: true,
    edges: true,
    compare: true,
  }),
  /** Which interval; each cohort is a bucket. */
  interval: z.number().int().min(0),
  /**
   * `rate`: of users, over the size of the cohort. `sum`, `average`: of a retention whose `measure` is that (6.3).
   * `count`: the numbers of its table, whatever it measures.
   */
  value: z.enum(['rate', 'count', 'sum', 'average']).default('rate'),
  ...transformations,
});
export const metricSchema = z.union([
  eventMetricSchema,
  peopleMetricSchema,
  cohortMetricSchema,
  funnelMetricSchema,
  retentionMetricSchema,
]);
export type EventMetric = z.infer<typeof eventMetricSchema>;
export type Metric = z.infer<typeof metricSchema>;

export const insightsQuerySchema = z.object({
  type: z.literal('insights'),
  ...reportFields,
  metrics: z.array(metricSchema).min(1).max(40),
  /** `total`: one bucket, which is the whole range. Its values are the range values (4.2). */
  unit: z.enum([...timeUnitSchema.options, 'total']).default('day'),
  /**
   * Buckets from each of these moments to the next, instead of those of the calendar; the range is from the
   * first to the last then. `unit` says how windows of active users end all the same.
   */
  edges: z.array(momentSchema).min(2).max(50_001).optional(),
  /**
   * By metric: exactly these segments come back, in this order, as answers name them; a metric that has nothing
   * in one of them has a line of nothing there. Absent: the best ones.
   */
  segments: z.array(z.array(segmentSchema)).optional(),
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
  /**
   * Arithmetic over metrics (4.4): letters A, B, … are metrics 0, 1, …; numbers, + − * / and parentheses. Their
   * series follow those of the metrics, numbered on.
   */
  formulas: z
    .array(z.object({ expression: z.string().min(1).max(1000), name: z.string().optional() }))
    .max(20)
    .default([]),
  /** What a division by zero is in formulas (4.4). */
  divisionByZero: z.enum(['empty', 'zero']).default('empty'),
  compare: comparisonSchema.optional(),
});
export type InsightsQuery = z.infer<typeof insightsQuerySchema>;
export type InsightsQueryInput = z.input<typeof insightsQuerySchema>;
