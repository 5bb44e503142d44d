import { z } from 'zod';

/** Ranges, units and lengths of time: `reports.md` 2. */

export const localDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected YYYY-MM-DD');
const instant = z.iso.datetime({ offset: true, local: true });

/** A date of the project's zone, or an instant; one without an offset is local to the project. */
export const momentSchema = z.union([localDateSchema, instant]);

/** Both ends inside. A date is the whole local day; a time without offset is local to the project. */
export const rangeSchema = z.object({ from: momentSchema, to: momentSchema });
export type Range = z.infer<typeof rangeSchema>;

/** `minute` counts steps of one minute; weeks and quarters start as the project says (2.1). */
export const timeUnitSchema = z.enum(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']);
export type TimeUnit = z.infer<typeof timeUnitSchema>;

/** Fixed lengths (5.2): day 24 h, week 7 days, month 30 days. */
export const durationSchema = z.object({
  value: z.number().int().positive(),
  unit: z.enum(['second', 'minute', 'hour', 'day', 'week', 'month']),
});
export type Duration = z.infer<typeof durationSchema>;

/**
 * The same question about another time (3.9); its buckets lie beside those of the report, one to one. By the day or a
 * shorter unit, a point of the year before that falls on a weekend is that of the next Monday.
 */
export const comparisonSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('previous'),
    unit: z.enum(['day', 'week', 'month', 'quarter', 'year']),
  }),
  /** The same length, just before the range. */
  z.object({ type: z.literal('previous_period') }),
  /** The same length, from or up to this date; or exactly these dates. */
  z.object({ type: z.literal('from'), date: z.string() }),
  z.object({ type: z.literal('to'), date: z.string() }),
  z.object({ type: z.literal('range'), ...rangeSchema.shape }),
]);
export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonInput = z.input<typeof comparisonSchema>;
