import { z } from 'zod';
import { cohortQuerySchema } from './query/cohort.ts';
import { flowQuerySchema } from './query/flow.ts';
import { frequencyQuerySchema } from './query/frequency.ts';
import { funnelQuerySchema } from './query/funnel.ts';
import { insightsQuerySchema } from './query/insights.ts';
import { listQuerySchema } from './query/list.ts';
import { retentionQuerySchema } from './query/retention.ts';
import { usersQuerySchema } from './query/users.ts';

/**
 * The query AST. The dashboard, `/api/v1/query` and the Mixpanel-compatible API all compile to it;
 * meaning: `reports.md` 2-9. New options are added as optional fields with the documented default.
 *
 * This file is the door of `query/`: others import the language from here.
 */
export * from './query/cohort.ts';
export * from './query/flow.ts';
export * from './query/frequency.ts';
export * from './query/funnel.ts';
export * from './query/insights.ts';
export * from './query/list.ts';
export * from './query/report.ts';
export * from './query/retention.ts';
export * from './query/selection.ts';
export * from './query/time.ts';
export * from './query/users.ts';

export const querySchema = z.discriminatedUnion('type', [
  insightsQuerySchema,
  funnelQuerySchema,
  retentionQuerySchema,
  frequencyQuerySchema,
  flowQuerySchema,
  cohortQuerySchema,
  listQuerySchema,
  usersQuerySchema,
]);
export type Query = z.infer<typeof querySchema>;
/** As a client may write it: defaults left out. */
export type QueryInput = z.input<typeof querySchema>;
