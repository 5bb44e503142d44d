import { z } from 'zod';
import { userConditionSchema } from './selection.ts';
import { rangeSchema, timeUnitSchema } from './time.ts';

/** How many users meet every condition, of all that have an event or a profile (`reports.md` 9.2). */
export const cohortQuerySchema = z.object({
  type: z.literal('cohort'),
  filters: z.array(userConditionSchema).min(1),
  /** Also the size as of the end of each bucket of a range (9.4). */
  over: z.object({ range: rangeSchema, unit: timeUnitSchema.default('day') }).optional(),
});
export type CohortQuery = z.infer<typeof cohortQuerySchema>;
