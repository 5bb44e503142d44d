import { propertiesSchema } from '@arbor/schema/property-value';
import { z } from 'zod';

export const identifierSchema = z.string().min(1).max(255);

const nameSchema = z.string().min(1).max(255);

/** What a person changes of a profile; the names are those of `/engage`. */
export const profileEditSchema = z.discriminatedUnion('operator', [
  z.object({
    operator: z.literal('$set'),
    values: propertiesSchema.refine(
      (values) => Object.keys(values).every((name) => nameSchema.safeParse(name).success),
      { error: 'a property has a name of 1 to 255 characters' },
    ),
  }),
  z.object({ operator: z.literal('$unset'), names: z.array(nameSchema).min(1).max(255) }),
  z.object({ operator: z.literal('$delete') }),
]);

export const profileEditsSchema = z.array(profileEditSchema).min(1).max(10);
