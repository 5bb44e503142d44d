import { z } from 'zod';

/** What the pickers of the dashboard list: names that exist in a project's data. */
export const eventNameSchema = z.object({ name: z.string(), count: z.number().int() });
export type EventName = z.infer<typeof eventNameSchema>;

export const propertyNameSchema = z.object({
  scope: z.enum(['event', 'person']),
  name: z.string(),
  /** Every type that occurs, most frequent first. */
  types: z.array(z.enum(['string', 'number', 'boolean', 'date', 'list', 'object', 'null'])),
  /** Rows or persons that carry it. */
  count: z.number().int(),
});
export type PropertyName = z.infer<typeof propertyNameSchema>;

/** Groups that have a profile (`ingestion-api.md` 5), and what these profiles have. */
export const groupNamesSchema = z.object({
  groupKey: z.string(),
  /** How many groups. */
  count: z.number().int(),
  properties: z.array(propertyNameSchema.omit({ scope: true })),
});
export type GroupNames = z.infer<typeof groupNamesSchema>;

export const propertyValueCountSchema = z.object({ text: z.string(), count: z.number().int() });
export type PropertyValueCount = z.infer<typeof propertyValueCountSchema>;
