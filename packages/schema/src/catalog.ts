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

export const propertyValueCountSchema = z.object({ text: z.string(), count: z.number().int() });
export type PropertyValueCount = z.infer<typeof propertyValueCountSchema>;
