import { z } from 'zod';
import { segmentSchema } from '../result.ts';
import { reportFields } from './report.ts';
import { eventSelectorSchema, propertyRefSchema } from './selection.ts';
import { comparisonSchema, momentSchema } from './time.ts';

/** `reports.md` 6. */
export const retentionQuerySchema = z.object({
  type: z.literal('retention'),
  ...reportFields,
  birth: eventSelectorSchema,
  return: eventSelectorSchema,
  unit: z.enum(['hour', 'day', 'week', 'month']).default('day'),
  /** `on_or_after` is the documented default (6.2, decision 8). */
  criterion: z.enum(['on', 'on_or_after', 'on_or_before', 'streak']).default('on_or_after'),
  mode: z.enum(['rolling', 'calendar']).default('rolling'),
  /** `every_bucket`: a user is in each bucket with a birth event; `first`: only that of the first in range. */
  births: z.enum(['every_bucket', 'first']).default('every_bucket'),
  /** Intervals 0 … n − 1. */
  intervals: z.number().int().min(1).max(367).default(8),
  /** Sizes of intervals in units, instead of one each (6.1); `intervals` is their number then. */
  brackets: z.array(z.number().int().min(1).max(367)).min(1).max(60).optional(),
  /** On which event a property breaks down (6.6). `both`: the value must be the same on both. */
  segmentBy: z.enum(['birth', 'return', 'both']).default('birth'),
  /** Segments beyond `segmentsMax` come back as one more, `other`. */
  otherSegment: z.boolean().default(false),
  /** Exactly these segments come back, in this order, as answers name them. Absent: the best ones. */
  segments: z.array(segmentSchema).optional(),
  /**
   * Cohorts from each of these moments to the next, instead of those of the calendar: the first begins with the range or
   * before it. They go on after the range, which has the cohorts that begin in it; with `mode` calendar those after
   * them are the intervals of the last ones, so many as these have.
   */
  edges: z.array(momentSchema).min(2).max(50_001).optional(),
  /** The same retention of another time (3.9), cohort beside cohort, with the same segments. */
  compare: comparisonSchema.optional(),
  /** Users, or a number of the return events: its sum, or its sum per user averaged over the cohort (6.3). */
  measure: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('users') }),
      z.object({ type: z.enum(['sum', 'average']), property: propertyRefSchema }),
    ])
    .default({ type: 'users' }),
  /** How the average row weighs cohorts: as the documentation does, or all users alike (6.5). */
  average: z.enum(['weighted', 'pooled']).default('weighted'),
});
export type RetentionQuery = z.infer<typeof retentionQuerySchema>;
export type RetentionQueryInput = z.input<typeof retentionQuerySchema>;
