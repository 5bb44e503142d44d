import { z } from 'zod';
import { segmentSchema } from '../result.ts';
import { reportFields } from './report.ts';
import { eventSelectorSchema, propertyRefSchema } from './selection.ts';
import { comparisonSchema, durationSchema, momentSchema, timeUnitSchema } from './time.ts';

/** `reports.md` 5. */

/** Fixed lengths, or sessions: that of the entry and the next n − 1 (5.2). */
export const funnelWindowSchema = z.object({
  value: z.number().int().positive(),
  unit: z.enum([...durationSchema.shape.unit.options, 'session']),
});
export type FunnelWindow = z.infer<typeof funnelWindowSchema>;

/**
 * Events that must not come between two steps (5.7); steps count from 0, in any order as they were done. They
 * lie later than `from`, and earlier than `to` or, where that is not reached, within the window; grace is
 * given on both sides, and what is a step of the attempt excludes nothing.
 * `stop`: the attempt keeps the steps before. `drop`: the attempt does not count at all. Who has several (`entry`
 * any, re-entry optimized) and reached `to` in one that is spoilt has none, but for steps in any order.
 */
export const funnelExclusionSchema = z.object({
  selector: eventSelectorSchema,
  from: z.number().int().min(0).default(0),
  /** Default: the last step. */
  to: z.number().int().min(1).optional(),
  mode: z.enum(['stop', 'drop']).default('stop'),
});
export type FunnelExclusion = z.infer<typeof funnelExclusionSchema>;

/**
 * Whose property value an attempt has (5.8): the first or last step that has one, or step n, counted from 0.
 * `each`: a funnel of its own for every value, over the events of steps that have it.
 */
export const attributionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['first', 'last', 'each']) }),
  z.object({ type: z.literal('step'), step: z.number().int().min(0) }),
]);
export type Attribution = z.infer<typeof attributionSchema>;

export const funnelQuerySchema = z.object({
  type: z.literal('funnel'),
  ...reportFields,
  steps: z.array(eventSelectorSchema).min(1).max(100),
  window: funnelWindowSchema.default({ value: 7, unit: 'day' }),
  /**
   * `unique`: one attempt a user. `totals`: one after the other, or with `optimized` every entry. `sessions`: one
   * attempt a session, all steps in it, whatever `window` says (5.2).
   */
  counting: z.enum(['unique', 'totals', 'sessions']).default('unique'),
  /**
   * `specific`: other events may lie between. `strict`: none of the user's events may. `any`: steps come in any
   * order, except those of `anchors` (5.5): an anchored step comes at its place. Step n of the answer is then
   * the n-th that was done, while `attribution`, `compareEvents` and `anchors` name steps of the query.
   */
  order: z.enum(['specific', 'any', 'strict']).default('specific'),
  /** With `strict`: whether a repeat of the step just done breaks the chain. What breaks one may begin the next. */
  strictRepeat: z.enum(['break', 'allow']).default('break'),
  /** With `any`: indices of steps. */
  anchors: z.array(z.number().int().min(0)).default([]),
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
   * Sessions have theirs in the same way; `totals` count all attempts.
   */
  entry: z.enum(['first', 'any']).default('first'),
  /**
   * `optimized`: every event of step 1 is an entry, and gives way to a newer one before its second step (5.4). A user
   * has the first attempt of those with the most steps, whatever `entry` says.
   */
  reentry: z.enum(['default', 'optimized']).default('default'),
  exclusions: z.array(funnelExclusionSchema).max(50).default([]),
  /**
   * Every step has the same values of these (5.6); events that lack one are no steps. Exclusions, and what breaks a
   * strict order, do so whatever values they have.
   */
  hold: z.array(propertyRefSchema).max(3).default([]),
  attribution: attributionSchema.default({ type: 'first' }),
  /**
   * A user comes under a further segment when the attempt before is over (5.9), or at any time: every entry begins
   * an attempt, and each segment has one of the user's. `totals` count all attempts in their segments anyway.
   */
  segmentEntry: z.enum(['after_exit', 'per_value']).default('after_exit'),
  /** Whether a step may lie after the range, within the window (5.2), or all of them lie in it. */
  completion: z.enum(['after_range', 'in_range']).default('after_range'),
  /** `false`: counts alone; the answer has no times to convert, and costs less. */
  timing: z.boolean().default(true),
  /** Sums of a number at each step, over the attempts that reach it (5.10). */
  sum: propertyRefSchema.optional(),
  /**
   * How the times between two steps (from 0) are spread (5.10): bins of (longest − shortest) ÷ `bins`, rounded up
   * to whole seconds (60 s where all are equal), and one more that holds the longest.
   */
  distribution: z
    .object({
      from: z.number().int().min(0),
      to: z.number().int().min(1),
      bins: z.number().int().min(1).max(100).default(20),
    })
    .optional(),
  /**
   * What the times between two steps (from 0) come to, over all and by segment (5.10): over the attempts that count and
   * reached the later one. Percentiles are interpolated (4.1).
   */
  times: z
    .object({
      from: z.number().int().min(0).default(0),
      /** Default: the last step. */
      to: z.number().int().min(1).optional(),
      percentiles: z.array(z.number().min(0).max(100)).max(20).default([]),
    })
    .optional(),
  /**
   * With `any`: how many of the most common orders come back in which steps were done (5.5, top paths). An event that
   * fits several steps is the first of them that leaves a step for each other event.
   */
  pathsMax: z.number().int().min(0).max(1000).optional(),
  /**
   * Which of several events of a step was done is a breakdown, after all others: index of the step (5.1, event
   * comparison).
   */
  compareEvents: z.number().int().min(0).optional(),
  /** Segments beyond `segmentsMax` come back as one more, `other` (3.8): a user counts there once. */
  otherSegment: z.boolean().default(false),
  /**
   * Exactly these segments come back, in this order, as answers name them; one that nobody entered in has a line of
   * nothing. Absent: the best ones.
   */
  segments: z.array(segmentSchema).optional(),
  /**
   * The segment that the significance of the others is against (5.10), whether it comes back or not: of what it and
   * the other have together. Absent: the whole funnel.
   */
  control: segmentSchema.optional(),
  /** Also a funnel per entry bucket, each user once over the whole range (5.11, "table by day"). */
  unit: timeUnitSchema.optional(),
  /**
   * With `unit`: `byEntry` is of a separate funnel in each bucket, a user may enter in several (5.11, line chart).
   * Steps and segments are still those of one funnel over the range.
   */
  trends: z.boolean().default(false),
  /**
   * With `unit`: buckets from each of these moments to the next, instead of those of the calendar; the range is from the
   * first to the last then.
   */
  edges: z.array(momentSchema).min(2).max(50_001).optional(),
  /**
   * The same funnel over another time (3.9), with the same segments. In a trend points of the year before move off
   * weekends; one funnel over the range has its buckets where they are.
   */
  compare: comparisonSchema.optional(),
});
export type FunnelQuery = z.infer<typeof funnelQuerySchema>;
export type FunnelQueryInput = z.input<typeof funnelQuerySchema>;
