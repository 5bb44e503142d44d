import { z } from 'zod';
import { propertyValueSchema } from '../property-value.ts';
import { cohortRefSchema, filterSchema, userConditionSchema } from './selection.ts';
import { momentSchema } from './time.ts';

/** Users one by one, as they are now: `reports.md` 10. */

/** What a list of users shows and sorts by, beside any property of persons. */
export const userColumnSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('property'), name: z.string().min(1).max(255) }),
  /** What the user is called: `$name`, else `$first_name $last_name`, else `$email`, else the canonical id. */
  z.object({ type: z.literal('display_name') }),
  z.object({ type: z.literal('user') }),
  /** Of visible events that say "any event" (3.2); null = has none. */
  z.object({ type: z.literal('first_seen') }),
  z.object({ type: z.literal('last_seen') }),
  z.object({ type: z.literal('event_count') }),
]);
export type UserColumn = z.infer<typeof userColumnSchema>;

export const usersQuerySchema = z.object({
  type: z.literal('users'),
  /** `profiles`: who has a property; `all`: also who has only events. */
  who: z.enum(['profiles', 'all']).default('all'),
  /** Text in the canonical id, `$name`, `$first_name $last_name` or `$email`, ignoring case. */
  search: z.string().max(255).default(''),
  /** Canonical ids that are found whatever `search` says: of the identifiers that hold the text (the API puts them in). */
  found: z.array(z.string()).max(1000).default([]),
  /** All must hold. */
  filters: z.array(userConditionSchema).default([]),
  cohort: cohortRefSchema.optional(),
  columns: z.array(userColumnSchema).max(50).default([]),
  /**
   * Numbers come before texts, then true and false, then all others. Who has no value comes last, in either order;
   * ties by the bytes of the canonical id.
   */
  sort: z
    .object({ by: userColumnSchema, order: z.enum(['ascending', 'descending']) })
    .default({ by: { type: 'last_seen' }, order: 'descending' }),
  limit: z.number().int().min(1).max(10_000).default(100),
  /** `next` of the page before. */
  cursor: z.string().optional(),
});
export type UsersQuery = z.infer<typeof usersQuerySchema>;

/** The same as people ask it: whose other identifiers hold the text of a search is found out for them. */
export const usersRequestSchema = usersQuerySchema.omit({ type: true, found: true });
export type UsersRequestInput = z.input<typeof usersRequestSchema>;

/** Where a list goes on, which `next` holds: what the last user of a page is sorted by (null = nothing), and his id. */
export const usersPositionSchema = z.object({ value: propertyValueSchema, user: z.string() });
export type UsersPosition = z.infer<typeof usersPositionSchema>;

/**
 * The events of one user, newest first, from all history; the API finds him by any of his identifiers. Asked of the
 * engine as a list of the events behind "any event" with a filter on `$distinct_id`.
 */
export const activityRequestSchema = z.object({
  /** Inside, both; absent = all history. */
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  /** Only these events; absent = all but the protocol's own. */
  events: z.array(z.string().min(1)).min(1).max(1000).optional(),
  filters: z.array(filterSchema).default([]),
  /** Text in the name of the event or in the text of any property, ignoring case. */
  search: z.string().max(255).default(''),
  /** Also events that the project hides. */
  withHidden: z.boolean().default(false),
  limit: z.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
});
export type ActivityRequest = z.infer<typeof activityRequestSchema>;
