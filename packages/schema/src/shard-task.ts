import { z } from 'zod';

/**
 * Work on the stored files of one project in one shard, asked for as a row of `shard_tasks` and done by a storage
 * process: it writes new files and swaps them in one catalog transaction, which also ends the task.
 */
export const shardTaskSchema = z.discriminatedUnion('type', [
  /** Everything of these users that arrived up to `until` leaves the shard, and nothing names them any more. */
  z.object({
    type: z.literal('erase'),
    /** Canonical ids. */
    users: z.array(z.string().min(1)).min(1),
    /** Every identifier of theirs, as sent. */
    identifiers: z.array(z.string().min(1)).min(1),
    /** A `sequence`, exclusive: what arrived later stays. */
    until: z.number().int(),
  }),
  /**
   * What was sent under `identifiers` becomes the user `to`: a merge is taken back. What was sent under `staying` and lies
   * with `to` goes back to `user`. Both lists hold everybody who was one user with `to` and with `user` when it was asked
   * for; what was sent under others stays where it lies. `among`: under whom what they sent may lie as well, because all of
   * them were one user once.
   */
  z.object({
    type: z.literal('split'),
    user: z.string().min(1),
    identifiers: z.array(z.string().min(1)).min(1),
    to: z.string().min(1),
    staying: z.array(z.string().min(1)).min(1),
    among: z.array(z.string().min(1)),
  }),
  /**
   * The users' rows and profiles leave: they lie in another shard by now. Their ids stay. `users` names everybody who counts
   * as one of them: who does so with somebody that is not named stays as he is.
   */
  z.object({
    type: z.literal('take_out'),
    users: z.array(z.string().min(1)).min(1),
    until: z.number().int(),
  }),
  /** Events of days before this one (since 1970-01-01 UTC) leave. */
  z.object({ type: z.literal('expire'), beforeDay: z.number().int() }),
]);
export type ShardTask = z.infer<typeof shardTaskSchema>;

/** What a task did. */
export const shardTaskResultSchema = z.object({
  events: z.number().int(),
  profiles: z.number().int(),
  /** Properties of those profiles. */
  properties: z.number().int(),
  /** Files that were written anew or left out. */
  files: z.number().int(),
  /** The version of the catalog from which on it holds; readers below it have not seen it yet. */
  version: z.number().int(),
});
export type ShardTaskResult = z.infer<typeof shardTaskResultSchema>;

/** Why a task was given up: `failed` tasks carry it as their result. */
export const shardTaskFailureSchema = z.object({ reason: z.string() });
export type ShardTaskFailure = z.infer<typeof shardTaskFailureSchema>;
