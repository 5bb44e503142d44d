import { z } from 'zod';

const scope = z.enum(['event', 'person']);

export const propertiesInputSchema = z.object({ scope: scope.optional() });

export const valuesInputSchema = z
  .object({
    scope: z.enum([...scope.options, 'group']),
    name: z.string().min(1).max(255),
    /** Of scope `group` alone: of which groups. */
    groupKey: z.string().min(1).max(255).optional(),
    /** Part of the value; "" = the most frequent ones. */
    search: z.string().max(255).default(''),
    max: z.coerce.number().int().min(1).max(1000).default(100),
  })
  .refine(({ scope: of, groupKey }) => (of === 'group') === (groupKey !== undefined), {
    path: ['groupKey'],
    message: 'names the groups whose property is meant, with the scope group and no other',
  });
