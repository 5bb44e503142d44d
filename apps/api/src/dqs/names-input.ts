import { z } from 'zod';

const scope = z.enum(['event', 'person']);

export const propertiesInputSchema = z.object({ scope: scope.optional() });

export const valuesInputSchema = z.object({
  scope,
  name: z.string().min(1).max(255),
  /** Part of the value; "" = the most frequent ones. */
  search: z.string().max(255).default(''),
  max: z.coerce.number().int().min(1).max(1000).default(100),
});
