import { z } from 'zod';

/**
 * A value as a customer sent it: any JSON. Types are kept exactly (1, "1", true and [1] are four
 * different values). `reports.md` 3.7 decides how a missing or null value is shown.
 */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | { readonly [key: string]: PropertyValue };

export const propertyValueSchema: z.ZodType<PropertyValue> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(propertyValueSchema),
    z.record(z.string(), propertyValueSchema),
  ]),
);

export type Properties = { readonly [name: string]: PropertyValue };

export const propertiesSchema: z.ZodType<Properties> = z.record(z.string(), propertyValueSchema);
