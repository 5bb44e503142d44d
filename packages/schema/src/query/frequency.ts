import { z } from 'zod';
import { reportFields } from './report.ts';
import { eventSelectorSchema } from './selection.ts';

/** "Addiction" (`reports.md` 7): in how many hours of the day, days of the week or of the month people are active. */
export const frequencyQuerySchema = z.object({
  type: z.literal('frequency'),
  ...reportFields,
  selector: eventSelectorSchema,
  /** Rows of the table. */
  unit: z.enum(['day', 'week', 'month']).default('week'),
  /** What is counted in a row. */
  per: z.enum(['hour', 'day']).default('day'),
  /** At least k, or exactly k. */
  cumulative: z.boolean().default(true),
});
export type FrequencyQuery = z.infer<typeof frequencyQuerySchema>;
