import { z } from 'zod';
import { filterSchema, propertyRefSchema, cohortRefSchema } from './selection.ts';
import { rangeSchema, timeUnitSchema } from './time.ts';

/** What all reports have: a range, filters and breakdowns (`reports.md` 3). */

/** Custom buckets of a breakdown (3.7); lower edges inclusive, upper ones exclusive. */
export const breakdownBucketsSchema = z.discriminatedUnion('type', [
  /** Every value is a segment. */
  z.object({ type: z.literal('none') }),
  /** At most twelve buckets of a round width, or plain values when there are few whole numbers. */
  z.object({ type: z.literal('auto') }),
  /** Every number is a segment, and what is none lies in one, as in buckets of numbers. */
  z.object({ type: z.literal('numbers') }),
  z.object({ type: z.literal('even'), min: z.number(), max: z.number(), size: z.number().gt(0) }),
  z.object({ type: z.literal('varied'), edges: z.array(z.number()).min(1).max(10) }),
  /** Texts put together: the first group that has the value; the rest is `(remaining values)`. */
  z.object({
    type: z.literal('groups'),
    groups: z
      .array(z.object({ name: z.string().min(1), values: z.array(z.string()).min(1) }))
      .min(1)
      .max(100),
  }),
  /** Of dates, in the project's zone. */
  z.object({
    type: z.literal('date'),
    unit: z.enum([...timeUnitSchema.options, 'hour_of_day', 'day_of_week']),
  }),
]);
export type BreakdownBuckets = z.infer<typeof breakdownBucketsSchema>;

export const propertyBreakdownSchema = z.object({
  type: z.literal('property').optional(),
  property: propertyRefSchema,
  /** Default `none`. */
  buckets: breakdownBucketsSchema.optional(),
  /** Of a list: every item of the events that pass, or only the items that pass the filters on the same property (3.6). */
  items: z.enum(['all', 'matching']).optional(),
});
/** Two segments, in and not in; several cohorts are judged each by itself (3.7). */
export const cohortBreakdownSchema = z.object({
  type: z.literal('cohort'),
  cohorts: z.array(cohortRefSchema).min(1).max(20),
});
export const breakdownSchema = z.union([cohortBreakdownSchema, propertyBreakdownSchema]);
export type Breakdown = z.infer<typeof breakdownSchema>;
export type PropertyBreakdown = z.infer<typeof propertyBreakdownSchema>;
export type CohortBreakdown = z.infer<typeof cohortBreakdownSchema>;

export const reportFields = {
  range: rangeSchema,
  /** All must pass; in funnels a global filter is applied after the attempts were found (5.8). */
  filters: z.array(filterSchema).default([]),
  /** Several are flattened combinations (3.7). */
  breakdowns: z.array(breakdownSchema).max(8).default([]),
  /** How many segments come back, best first (3.8); the answer says how many there are. */
  segmentsMax: z.number().int().min(1).max(50_000).default(200),
  /**
   * How many of the best segments lie on the pages before: their order is the same each time, so that all of them can
   * be read, page by page. A row of all others is of those after the page: `beside` it lie those of the pages before, too.
   * Where `segments` names them, it skips so many.
   */
  segmentsFrom: z.number().int().min(0).max(10_000_000).optional(),
  /**
   * Counts groups instead of users (21): those that events have under this name, a text, a number or a list of them.
   * An event is one of each of its groups and has that one alone there; one without any is left out. What is counted
   * of events and not of users (totals, sums, sessions) is counted of events that have the property, each once.
   * Cohorts in such a report are cohorts of groups, with the groups' profiles; an event lies in one where any of its
   * groups does, and not in one where any does not.
   */
  groupKey: z.string().min(1).max(255).optional(),
};

/** A point of a series: a segment as answers name it; null = the row over all, and reports without breakdown. */
export const segmentPointSchema = z
  .object({
    type: z.string(),
    text: z.string(),
    parts: z.array(z.object({ type: z.string(), text: z.string() })).optional(),
  })
  .nullable()
  .default(null);
