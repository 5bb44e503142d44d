import { z } from 'zod';

/** What the pickers of the dashboard list: names that exist in a project's data. */
export const eventNameSchema = z.object({
  name: z.string(),
  count: z.number().int(),
  /** Days since 1970-01-01 UTC on which it happened first and last; absent = from a storage process that is older. */
  firstDay: z.number().int().optional(),
  lastDay: z.number().int().optional(),
});
export type EventName = z.infer<typeof eventNameSchema>;

/** One name of two parts of the data: from the earlier first day to the later last one. */
export function uniteDays(one: EventName, other: EventName): EventName {
  const [first, last] = [daysOf('firstDay', one, other), daysOf('lastDay', one, other)];
  return {
    ...one,
    ...(first.length > 0 && { firstDay: Math.min(...first) }),
    ...(last.length > 0 && { lastDay: Math.max(...last) }),
  };
}

const daysOf = (key: 'firstDay' | 'lastDay', ...names: readonly EventName[]): number[] =>
  names.flatMap((name) => name[key] ?? []);

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
