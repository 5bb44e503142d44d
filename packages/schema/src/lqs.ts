import { z } from 'zod';
import {
  eventNameSchema,
  groupNamesSchema,
  propertyNameSchema,
  propertyValueCountSchema,
} from './catalog.ts';
import { propertiesSchema } from './property-value.ts';

/**
 * What a plan knows of the moves of users between shards (docs/decisions/0002). Absent where a project lies on one shard.
 * A storage process that has rows of a later move answers 409 (or ends its lines) with the code STALE_PLAN: the query is
 * planned anew, by moves that are read again.
 */
export const lqsMovesSchema = z.object({
  /** The greatest move of the project that is known; 0 = none. */
  epoch: z.number().int().min(0),
  /** Users who lie in another shard as well by now. */
  leftOut: z.array(z.object({ shard: z.number().int(), users: z.array(z.string()) })),
});
export type LqsMoves = z.infer<typeof lqsMovesSchema>;

/**
 * DQS ↔ LQS over HTTP, internal. `POST /lqs/query` answers NDJSON: `progress` lines while it works, one
 * `shard` line a shard as it is done, then `end`; an `error` line ends it instead. Every call carries
 * `x-arbor-cluster-key`. `plan` and `partials` are the engine's own types (`@arbor/engine/plan`, `@arbor/engine/merge`): plain
 * JSON that only the engine looks into.
 *
 * Groups have users on many shards: where a plan counts them, all shards of the project are asked `together` of one
 * process, and one line, of the first shard, answers for all.
 *
 * A plan may name long lists instead of holding them (`@arbor/engine/plan-lists`). A storage process that lacks some
 * answers 409 with the code LIST_MISSING and their names in the message; `PUT /lqs/lists/<name>` brings each, and the
 * query is asked again.
 */
export const lqsQuerySchema = z.object({
  version: z.literal(1),
  project: z.number().int().positive(),
  shards: z.array(z.number().int()).min(1),
  plan: z.unknown(),
  together: z.boolean().optional(),
  moves: lqsMovesSchema.optional(),
});
export type LqsQuery = z.infer<typeof lqsQuerySchema>;

export const lqsLineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('shard'),
    shard: z.number().int(),
    rowsScanned: z.number(),
    /** They add up in any order; a shard that has nothing may have none. */
    partials: z.array(z.unknown()).optional(),
    /** The only one, from a storage process that is older than `partials`. */
    partial: z.unknown().optional(),
  }),
  /** Of `total` shards, those under way counted by the share that is done. */
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type LqsLine = z.infer<typeof lqsLineSchema>;

/**
 * `POST /lqs/export`: the events of some shards as lines of JSON (`query-api.md` 12), in order of time, each event once.
 * `plan` is that of a report of the engine, whose range and filters are meant. An answer that breaks off is not whole:
 * errors after the first line close the connection. Shards that lie in several processes cannot be asked at once.
 */
export const lqsExportSchema = z.object({
  version: z.literal(1),
  project: z.number().int().positive(),
  shards: z.array(z.number().int()).min(1),
  plan: z.unknown(),
  /** Names as they were sent; null = all. */
  events: z.array(z.string()).nullable(),
  /** Events before are left out. */
  fromMs: z.number().nullable(),
  limit: z.number().int().positive().nullable(),
  timeInMs: z.boolean(),
  moves: lqsMovesSchema.optional(),
});
export type LqsExport = z.infer<typeof lqsExportSchema>;

/** `POST /lqs/profiles`: what is said of some users, by canonical id, in the given shards. */
export const lqsProfilesRequestSchema = z.object({
  version: z.literal(1),
  project: z.number().int().positive(),
  shards: z.array(z.number().int()).min(1),
  users: z.array(z.string()).max(10_000),
  /** Whoever has left a shard has no profile there any more; the epoch is not looked at. */
  moves: lqsMovesSchema.optional(),
});
export type LqsProfilesRequest = z.infer<typeof lqsProfilesRequestSchema>;

/** Of those who have a profile. A list of pairs, because a user may be named like a member of every object. */
export const lqsProfilesSchema = z.object({
  profiles: z.array(z.tuple([z.string(), propertiesSchema])),
});
export type LqsProfiles = z.infer<typeof lqsProfilesSchema>;

/** `POST /lqs/names`: what the pickers list, from the given shards. */
export const lqsNamesRequestSchema = z.object({
  version: z.literal(1),
  project: z.number().int().positive(),
  shards: z.array(z.number().int()).min(1),
  /** With a property: its most frequent values that contain `search`. */
  values: z
    .object({
      scope: z.enum(['event', 'person', 'group']),
      name: z.string(),
      /** Of scope `group` alone: of which groups. */
      groupKey: z.string().optional(),
      search: z.string(),
      max: z.number().int().max(1000),
    })
    .optional(),
});
export type LqsNamesRequest = z.infer<typeof lqsNamesRequestSchema>;

export const lqsNamesSchema = z.object({
  events: z.array(eventNameSchema),
  properties: z.array(propertyNameSchema),
  values: z.array(propertyValueCountSchema),
  /** Every shard knows all groups: these do not add up. Absent = from a storage process that is older. */
  groups: z.array(groupNamesSchema).optional(),
  persons: z.number().int(),
  /** Distinct users with an event or a profile. */
  users: z.number().int(),
});
export type LqsNames = z.infer<typeof lqsNamesSchema>;

export const clusterKeyHeader = 'x-arbor-cluster-key';
