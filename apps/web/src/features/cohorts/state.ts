import type { QueryInput } from '@arbor/schema/query';
import { z } from 'zod';
import { rangeStateSchema, resolveRange } from '#report/range.ts';
import { cohortFilters, cohortStateSchema, type CohortState } from './definition.ts';

/** A page of one cohort, as the URL keeps it. */
export const cohortPageSchema = z.object({
  /** Null: as it is saved. */
  edited: cohortStateSchema.nullable(),
  range: rangeStateSchema,
  unit: z.enum(['day', 'week', 'month']),
});
export type CohortPageState = z.infer<typeof cohortPageSchema>;

export const initialPage: CohortPageState = {
  edited: null,
  range: { preset: '30d' },
  unit: 'day',
};

export type CohortQueryInput = Extract<QueryInput, { type: 'cohort' }>;

/** Who meets the conditions, and how many did at the end of each bucket; null while no condition is complete. */
export function cohortQuery(
  cohort: CohortState,
  { range, unit }: CohortPageState,
  timezone: string,
  nowMs: number,
): CohortQueryInput | null {
  const filters = cohortFilters(cohort);
  if (filters.length === 0) return null;
  return {
    type: 'cohort',
    filters,
    over: { range: resolveRange(range, timezone, nowMs), unit },
  };
}
