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
