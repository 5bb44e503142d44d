import { z } from 'zod';
import { usersResultSchema } from './users-result.ts';

/**
 * What a segment is of.
 * - `other`: all segments of a breakdown that did not come back by themselves (`otherSegment`).
 * - `range`: numbers from one edge to the next; `non_numeric`: what is no number beside them (3.7).
 * - `group`: values put together under a name; `remaining`: values that are in no group.
 * - `date`: a bucket of dates, by its local start, or an hour of the day, or a day of the week.
 * - `in`, `not_in`: of a cohort, by its name.
 * - `event`: one of several events of a step.
 * - `combination`: of several breakdowns; `parts` has one for each.
 */
const segmentTypeSchema = z.enum([
  'string',
  'number',
  'boolean',
  'json',
  'not_set',
  'empty_string',
  'other',
  'range',
  'non_numeric',
  'group',
  'remaining',
  'date',
  'in',
  'not_in',
  'event',
  'combination',
]);
export const segmentPartSchema = z.object({ type: segmentTypeSchema, text: z.string() });
export type SegmentPart = z.infer<typeof segmentPartSchema>;
/** One segment of the breakdown. `text` is what the interface shows; `type` tells "null" from a missing value. */
export const segmentSchema = segmentPartSchema.extend({
  parts: z.array(segmentPartSchema).optional(),
});
export type Segment = z.infer<typeof segmentSchema>;

/** An interval on the time axis, in the project's zone: UX-P6, clients print and never shift. */
export const bucketSchema = z.object({
  /** Local start with offset, for example 2024-03-10T00:00:00-05:00. */
  start: z.string(),
  /** Instants, ms UTC, [startMs, endMs), cut to the range. */
  startMs: z.number(),
  endMs: z.number(),
  /** The bucket or the range around it had not ended when the query ran. */
  incomplete: z.boolean(),
});
export type Bucket = z.infer<typeof bucketSchema>;

const segmented = {
  /** Null when there is no breakdown, and for the row over all segments. */
  segment: segmentSchema.nullable(),
};

export const insightsSeriesSchema = z.object({
  metric: z.number().int(),
  ...segmented,
  /** One a bucket; null = no value (an average over nothing). */
  values: z.array(z.number().nullable()),
  /** Over the whole range, not the sum of `values` (4.2). */
  total: z.number().nullable(),
});

export const insightsResultSchema = z.object({
  type: z.literal('insights'),
  buckets: z.array(bucketSchema),
  /** With a breakdown: for each metric the row over all segments (segment null) first, then the segments, best first, then `other`. */
  series: z.array(insightsSeriesSchema),
  /** How many segments exist in all, by metric: more than came back means the list was cut. */
  segmentCounts: z.array(z.number().int()),
  /** The same of formulas, where the query has some. */
  formulaSegmentCounts: z.array(z.number().int()).optional(),
  /** The same about the time of `compare`: as many buckets, series of the same metrics and segments. */
  comparison: z
    .object({ buckets: z.array(bucketSchema), series: z.array(insightsSeriesSchema) })
    .optional(),
});
export type InsightsResult = z.infer<typeof insightsResultSchema>;

export const funnelStepSchema = z.object({
  count: z.number().int(),
  /**
   * Time from the entry to this step over those who reached it, ms; null at step 1, where nobody did, and
   * where the query asked for no times.
   */
  averageFromEntryMs: z.number().nullable(),
  medianFromEntryMs: z.number().nullable(),
  /** The same from the step before. */
  averageFromPreviousMs: z.number().nullable(),
  medianFromPreviousMs: z.number().nullable(),
  /** With `sum`: of the numbers at this step, over the attempts that reached it. */
  sum: z.number().optional(),
});
export type FunnelStepResult = z.infer<typeof funnelStepSchema>;

/** With `times`: what the times between two steps come to, ms; null where no attempt reached the later one. */
export const funnelTimesSchema = z.object({
  count: z.number().int(),
  averageMs: z.number().nullable(),
  medianMs: z.number().nullable(),
  minMs: z.number().nullable(),
  maxMs: z.number().nullable(),
  /** As asked for. */
  percentilesMs: z.array(z.number().nullable()),
});
export type FunnelTimes = z.infer<typeof funnelTimesSchema>;

const funnelFields = {
  steps: z.array(funnelStepSchema),
  times: funnelTimesSchema.optional(),
  segments: z.array(
    z.object({
      segment: segmentSchema,
      steps: z.array(funnelStepSchema),
      times: funnelTimesSchema.optional(),
      /**
       * Against the whole funnel or `control` (5.10); null = fewer than 30 entries in either, and of the control itself,
       * or of all others with it among them.
       */
      significance: z
        .object({ confidence: z.number(), isSignificant: z.boolean() })
        .nullable()
        .optional(),
    }),
  ),
  segmentCount: z.number().int(),
  /** With `distribution`: attempts by the time between the steps, and what sums them up. */
  distribution: z
    .object({
      /** [startMs, endMs), the last one closed. */
      bins: z.array(z.object({ startMs: z.number(), endMs: z.number(), count: z.number().int() })),
      count: z.number().int(),
      averageMs: z.number().nullable(),
      medianMs: z.number().nullable(),
      minMs: z.number().nullable(),
      maxMs: z.number().nullable(),
    })
    .optional(),
  /**
   * With `unit`: counts by bucket of entry, by step; with segments also theirs, ranked by all who entered. In a trend
   * these may be others than those of the whole.
   */
  byEntry: z
    .object({
      buckets: z.array(bucketSchema),
      counts: z.array(z.array(z.number().int())),
      segments: z
        .array(z.object({ segment: segmentSchema, counts: z.array(z.array(z.number().int())) }))
        .optional(),
    })
    .optional(),
  /**
   * With `pathsMax`: the orders in which steps were done, most common first. Steps are those of the query, and a path is
   * all that an attempt did.
   */
  paths: z
    .array(
      z.object({
        steps: z.array(z.number().int()),
        /** Attempts that did these steps in this order, and no more. */
        count: z.number().int(),
        /** Of those, who did all steps: all or none. */
        converted: z.number().int(),
        /** How many attempts begin with the steps up to each of them: the conversion from step to step. */
        prefixCounts: z.array(z.number().int()),
      }),
    )
    .optional(),
  /** How many orders there are in all. */
  pathCount: z.number().int().optional(),
  /** Attempts whose window was still open when the query ran (UX-FU9); one of sessions as long as it can be. */
  stillOpen: z.number().int(),
};
export const funnelResultSchema = z.object({
  type: z.literal('funnel'),
  ...funnelFields,
  /** With `compare`: the same about that time, which `range` is; the segments are those of the report, in its order. */
  comparison: z.object({ range: bucketSchema, ...funnelFields }).optional(),
});
export type FunnelResult = z.infer<typeof funnelResultSchema>;

export const retentionCohortSchema = z.object({
  bucket: bucketSchema,
  size: z.number().int(),
  /** Interval n: retained users, or what `measure` asks for; null = lies wholly in the future. */
  counts: z.array(z.number().nullable()),
  /** Interval n had ended for every user of the cohort when the query ran (6.4). */
  complete: z.array(z.boolean()),
});
export const retentionTableSchema = z.object({
  cohorts: z.array(retentionCohortSchema),
  /** Weighted over complete cohorts exactly as 6.5 says; null where no cohort is complete. */
  average: z.object({
    size: z.number().nullable(),
    counts: z.array(z.number().nullable()),
    rates: z.array(z.number().nullable()),
  }),
});
const retentionFields = {
  ...retentionTableSchema.shape,
  segments: z.array(z.object({ segment: segmentSchema, ...retentionTableSchema.shape })),
  segmentCount: z.number().int(),
};
export const retentionResultSchema = z.object({
  type: z.literal('retention'),
  ...retentionFields,
  /** With `compare`: the same about that time, cohort beside cohort; the segments are those of the report, in its order. */
  comparison: z.object(retentionFields).optional(),
});
export type RetentionResult = z.infer<typeof retentionResultSchema>;

export const cohortResultSchema = z.object({
  type: z.literal('cohort'),
  users: z.number().int(),
  /** With `over`. */
  sizes: z.object({ buckets: z.array(bucketSchema), users: z.array(z.number().int()) }).optional(),
});
export type CohortResult = z.infer<typeof cohortResultSchema>;

export const frequencyTableSchema = z.object({
  /** Users by how many sub-units (1, 2, …) they were active in, a row a bucket. */
  rows: z.array(z.object({ bucket: bucketSchema, counts: z.array(z.number().int()) })),
  /** As in retention (6.5), over rows that are complete. */
  average: z.array(z.number().nullable()),
});
export const frequencyResultSchema = z.object({
  type: z.literal('frequency'),
  ...frequencyTableSchema.shape,
  segments: z.array(z.object({ segment: segmentSchema, ...frequencyTableSchema.shape })),
  segmentCount: z.number().int(),
});
export type FrequencyResult = z.infer<typeof frequencyResultSchema>;

export const flowNodeSchema = z.object({
  /** What `listPointSchema` names it by: no other node of the flow, in whichever step, has the same. */
  key: z.string(),
  /** Event name; null = other events. */
  event: z.string().nullable(),
  /** Value of the property the event is expanded by. */
  value: segmentSchema.optional(),
  count: z.number().int(),
});
export const flowStepSchema = z.object({
  anchor: z.number().int(),
  /** From −before to after; 0 = the anchor. */
  step: z.number().int(),
  nodes: z.array(flowNodeSchema),
  /** Who has no further event after the step before (8.1); for an anchor: who did not reach it. */
  dropOff: z.number().int(),
  /** From the node that paths had before, mostly of the step before; `to` null = dropped off. */
  links: z.array(
    z.object({ from: z.string(), to: z.string().nullable(), count: z.number().int() }),
  ),
});
export const flowGraphSchema = z.object({
  /** Paths that begin at the first anchor. */
  entries: z.number().int(),
  /** By anchor: who reached it. */
  anchors: z.array(z.number().int()),
  steps: z.array(flowStepSchema),
  /** Whole paths from the first anchor on, most common first; they end with null where people drop off. */
  paths: z.array(
    z.object({
      events: z.array(z.string().nullable()),
      /** With `expand`: the value that each event is expanded by. */
      values: z.array(segmentSchema.nullable()).optional(),
      count: z.number().int(),
      /** Of these, who reached the last anchor. */
      converted: z.number().int(),
      /** How many paths begin with the events up to each of them: the conversion from step to step. */
      prefixCounts: z.array(z.number().int()),
    }),
  ),
  pathCount: z.number().int(),
});
export type FlowGraph = z.infer<typeof flowGraphSchema>;
export const flowResultSchema = z.object({
  type: z.literal('flow'),
  ...flowGraphSchema.shape,
  segments: z.array(z.object({ segment: segmentSchema, ...flowGraphSchema.shape })),
  segmentCount: z.number().int(),
});
export type FlowResult = z.infer<typeof flowResultSchema>;

export const listedEventSchema = z.object({
  event: z.string(),
  timeMs: z.number(),
  /** Canonical id; "" = belongs to nobody. */
  user: z.string(),
  properties: z.record(z.string(), z.unknown()),
});
export type ListedEvent = z.infer<typeof listedEventSchema>;
/** Exactly as many users or events in all as the number says. */
export const listResultSchema = z.object({
  type: z.literal('list'),
  total: z.number().int(),
  /** A page of canonical ids, in the order of their UTF-8 bytes. */
  users: z.array(z.string()),
  /** With `columns`: those of them that each of `users` has. */
  profiles: z.array(z.record(z.string(), z.unknown())).optional(),
  /** A page, newest first. */
  events: z.array(listedEventSchema),
  /** For the next page; null = this was the last. */
  next: z.string().nullable(),
});
export type ListResult = z.infer<typeof listResultSchema>;

export const queryResultSchema = z.discriminatedUnion('type', [
  insightsResultSchema,
  funnelResultSchema,
  retentionResultSchema,
  frequencyResultSchema,
  flowResultSchema,
  cohortResultSchema,
  listResultSchema,
  usersResultSchema,
]);
export type QueryResult = z.infer<typeof queryResultSchema>;

export const queryInfoSchema = z.object({
  serverTimeMs: z.number(),
  rowsScanned: z.number(),
  shards: z.number(),
  /** Zone that answered, a shard. */
  zones: z.array(z.string()),
  /** Time zone the buckets were cut in. */
  timezone: z.string(),
});
export type QueryInfo = z.infer<typeof queryInfoSchema>;

export const queryAnswerSchema = z.object({ result: queryResultSchema, info: queryInfoSchema });
export type QueryAnswer = z.infer<typeof queryAnswerSchema>;

/** What a streamed query sends, in this order: progress and partials in any number, then one end. */
export const queryUpdateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('partial'), answer: queryAnswerSchema }),
  z.object({ type: z.literal('result'), answer: queryAnswerSchema }),
]);
export type QueryUpdate = z.infer<typeof queryUpdateSchema>;
