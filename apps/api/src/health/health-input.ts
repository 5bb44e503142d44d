import { refusedFilterSchema } from '@arbor/schema/ingestion-health';
import { z } from 'zod';
import { isStreamId } from '../live/stream-id.ts';

export const refusedInputSchema = refusedFilterSchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .refine(isStreamId, { error: 'must be the next of the page before' })
    .optional(),
});
