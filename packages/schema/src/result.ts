import { z } from 'zod';

/** One value of the breakdown. `text` is what the interface shows; `type` tells "null" from a missing value. */
export const segmentSchema = z.object({
  /** `other`: all segments of a breakdown that did not come back by themselves (`otherSegment`). */
  type: z.enum(['string', 'number', 'boolean', 'json', 'not_set', 'empty_string', 'other']),
  text: z.string(),
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
});
export type FunnelStepResult = z.infer<typeof funnelStepSchema>;

export const funnelResultSchema = z.object({
  type: z.literal('funnel'),
  steps: z.array(funnelStepSchema),
  segments: z.array(z.object({ segment: segmentSchema, steps: z.array(funnelStepSchema) })),
  segmentCount: z.number().int(),
  /** With `unit`: counts by bucket of entry. */
  byEntry: z
    .object({ buckets: z.array(bucketSchema), counts: z.array(z.array(z.number().int())) })
    .optional(),
  /** Users whose window was still open when the query ran (UX-FU9). */
  stillOpen: z.number().int(),
});
export type FunnelResult = z.infer<typeof funnelResultSchema>;

export const retentionCohortSchema = z.object({
  bucket: bucketSchema,
  size: z.number().int(),
  /** Interval n: retained users; null = lies wholly in the future. */
  counts: z.array(z.number().int().nullable()),
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
export const retentionResultSchema = z.object({
  type: z.literal('retention'),
  ...retentionTableSchema.shape,
  segments: z.array(z.object({ segment: segmentSchema, ...retentionTableSchema.shape })),
  segmentCount: z.number().int(),
});
export type RetentionResult = z.infer<typeof retentionResultSchema>;

export const cohortResultSchema = z.object({
  type: z.literal('cohort'),
  users: z.number().int(),
});
export type CohortResult = z.infer<typeof cohortResultSchema>;

export const queryResultSchema = z.discriminatedUnion('type', [
  insightsResultSchema,
  funnelResultSchema,
  retentionResultSchema,
  cohortResultSchema,
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
