import { z } from 'zod';
import { cohortQuerySchema } from './cohort.ts';
import { flowQuerySchema } from './flow.ts';
import { frequencyQuerySchema } from './frequency.ts';
import { funnelQuerySchema } from './funnel.ts';
import { insightsQuerySchema } from './insights.ts';
import { segmentPointSchema } from './report.ts';
import { retentionQuerySchema } from './retention.ts';

/** The users or the events behind one number of a report (`reports.md` 4.6). */

export const listedReportSchema = z.discriminatedUnion('type', [
  insightsQuerySchema,
  funnelQuerySchema,
  retentionQuerySchema,
  frequencyQuerySchema,
  flowQuerySchema,
  cohortQuerySchema,
]);
export type ListedReport = z.infer<typeof listedReportSchema>;

/** Of the segment `other`: the segments that came back beside it, from which it follows which ones it holds. */
const beside = z.array(segmentPointSchema.unwrap().unwrap()).max(50_000).optional();

/** Which number, in the words of the report's answer. Buckets, steps and intervals count from 0. */
export const listPointSchema = z.discriminatedUnion('type', [
  /** `bucket` null = the value over the whole range. */
  z.object({
    type: z.literal('insights'),
    metric: z.number().int().min(0),
    /**
     * Where `metric` is a formula: which of the metrics that it is made of, by its index in the report. A formula has
     * a list for each of them, and none by itself; may be left out where it is made of one alone.
     */
    operand: z.number().int().min(0).optional(),
    segment: segmentPointSchema,
    beside,
    bucket: z.number().int().min(0).nullable().default(null),
    /** The number lies in the comparison. */
    compared: z.boolean().default(false),
  }),
  z.object({
    type: z.literal('funnel'),
    step: z.number().int().min(0),
    /**
     * `dropped`: reached the step before and not this one. `open`: reached this one, not the last, and still can
     * (`stillOpen` at step 0).
     */
    outcome: z.enum(['reached', 'dropped', 'open']).default('reached'),
    /** Only those that took so long from step `from` to this one, ms, [startMs, endMs): a bin of `distribution`. */
    took: z
      .object({ from: z.number().int().min(0), startMs: z.number(), endMs: z.number() })
      .optional(),
    /**
     * Only those that begin with these steps of the query, in this order, as `paths` say it. Those that ended with them
     * are `dropped` at the step after.
     */
    path: z.array(z.number().int().min(0)).min(1).max(100).optional(),
    segment: segmentPointSchema,
    beside,
    /** Bucket of entry, where the query has a `unit`. */
    bucket: z.number().int().min(0).nullable().default(null),
    /** The number lies in the comparison. */
    compared: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('retention'),
    /**
     * Null = all cohorts together. A user may be in several: each is one event there, that which he was born with, so
     * that there are as many events as the cohorts have entries.
     */
    cohort: z.number().int().min(0).nullable(),
    /** Null = the whole cohort. */
    interval: z.number().int().min(0).nullable().default(null),
    outcome: z.enum(['retained', 'lost']).default('retained'),
    segment: segmentPointSchema,
    beside,
    compared: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('frequency'),
    bucket: z.number().int().min(0),
    /** Column k of the table, from 1. */
    times: z.number().int().min(1),
    segment: segmentPointSchema,
  }),
  /** The attempts that went this way: keys of nodes as the answer names them, from the first anchor on. */
  z.object({
    type: z.literal('flow'),
    anchor: z.number().int().min(0),
    /** Steps after (> 0) or before (< 0) the anchor; 0 = the anchor itself. */
    step: z.number().int().min(-5).max(5),
    /** Key of a node; null = none of them: `outcome` says who then. */
    node: z.string().nullable(),
    /** Where `node` is null: who dropped off there (the default), or all who got there, whatever they did. */
    outcome: z.enum(['dropped', 'reached']).optional(),
    /** The node it came from, or (before an anchor) led to: those of a link alone. */
    link: z.string().nullable().default(null),
    segment: segmentPointSchema,
  }),
  /** One of the whole `paths` of a flow, as the answer names it. */
  z.object({
    type: z.literal('flow_path'),
    events: z.array(z.string().nullable()).min(1).max(200),
    /** Where an event is expanded: by event its value, null = is not. */
    values: z.array(segmentPointSchema).max(200).optional(),
    /** `converted`: those of them that reached the last anchor. `begins`: all paths that begin so (`prefixCounts`). */
    outcome: z.enum(['whole', 'converted', 'begins']).default('whole'),
    segment: segmentPointSchema,
  }),
  z.object({ type: z.literal('cohort'), bucket: z.number().int().min(0).nullable().default(null) }),
]);
export type ListPoint = z.infer<typeof listPointSchema>;

export const listQuerySchema = z.object({
  type: z.literal('list'),
  of: listedReportSchema,
  point: listPointSchema,
  /** Users by their ids, or the events that were counted, newest first. */
  what: z.enum(['users', 'events']).default('users'),
  /** Properties of persons that users come with, such as `$name`. */
  columns: z.array(z.string().min(1).max(255)).max(50).default([]),
  limit: z.number().int().min(1).max(10_000).default(100),
  /**
   * `false`: `total` is not wanted, and may be less than there are. Events then come as soon as the newest days have
   * enough of them, however long the range is.
   */
  counted: z.boolean().default(true),
  /** `next` of the page before. */
  cursor: z.string().optional(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** Where a list goes on, which `next` holds: after the last entry of a page. */
export const listPositionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), user: z.string() }),
  z.object({
    type: z.literal('event'),
    user: z.string(),
    timeMs: z.number(),
    event: z.string(),
    /** Place among the events of this name, user and instant. */
    rank: z.number().int().min(0),
  }),
]);
export type ListPosition = z.infer<typeof listPositionSchema>;
