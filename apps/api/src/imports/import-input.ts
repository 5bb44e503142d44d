import { savedIdSchema } from '@arbor/schema/saved-reports';
import { z } from 'zod';

export const importIdSchema = savedIdSchema;

export const importPageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** `next` of the page before. */
  cursor: z.coerce.number().int().min(1).optional(),
});
