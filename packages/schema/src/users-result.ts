import { z } from 'zod';

/** Answers about users one by one (`query/users.ts`). */

const valueSchema = z.unknown();

export const usersResultSchema = z.object({
  type: z.literal('users'),
  /** All that were asked for, not only this page. */
  total: z.number().int(),
  users: z.array(
    z.object({
      user: z.string(),
      displayName: z.string(),
      /** In the order of the columns of the query; null = has none. Times are ms UTC. */
      values: z.array(valueSchema),
    }),
  ),
  next: z.string().nullable(),
});
export type UsersResult = z.infer<typeof usersResultSchema>;

/** What became of a file of people. */
export const peopleImportSchema = z.object({
  /** Profiles that were sent on; what of them does not fit a profile is told when they are applied. */
  rows: z.number().int(),
  refused: z.number().int(),
  /** The first hundred of those refused; lines count from 1. */
  problems: z.array(z.object({ line: z.number().int(), reason: z.string() })),
});
export type PeopleImport = z.infer<typeof peopleImportSchema>;

export const activityEventSchema = z.object({
  event: z.string(),
  timeMs: z.number(),
  properties: z.record(z.string(), valueSchema),
});
export type ActivityEvent = z.infer<typeof activityEventSchema>;
export const activitySchema = z.object({
  /** A page, newest first. */
  events: z.array(activityEventSchema),
  next: z.string().nullable(),
});
export type Activity = z.infer<typeof activitySchema>;

/** In which saved cohorts a user is now. */
export const userCohortsSchema = z.object({
  /** By name. */
  cohorts: z.array(z.object({ id: z.string(), name: z.string() })),
  /** The project has more cohorts than were looked through. */
  more: z.boolean(),
});
export type UserCohorts = z.infer<typeof userCohortsSchema>;

/** Everything known of one user but the events themselves. */
export const profileSchema = z.object({
  /** Canonical id. */
  user: z.string(),
  displayName: z.string(),
  /** Null = has no profile. */
  properties: z.record(z.string(), valueSchema).nullable(),
  firstSeenMs: z.number().nullable(),
  lastSeenMs: z.number().nullable(),
  eventCount: z.number().int(),
  sessionCount: z.number().int(),
  /** Most frequent first, all of them. */
  events: z.array(z.object({ event: z.string(), count: z.number().int() })),
  /** With what the events came, the most frequent 20 first; null = events do not say. */
  devices: z.array(
    z.object({
      browser: z.string().nullable(),
      os: z.string().nullable(),
      device: z.string().nullable(),
      count: z.number().int(),
    }),
  ),
  /** Days of the project's zone with events, oldest first. */
  days: z.array(z.object({ date: z.string(), count: z.number().int() })),
});
export type UserProfile = z.infer<typeof profileSchema>;
