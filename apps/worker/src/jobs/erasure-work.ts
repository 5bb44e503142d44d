import { z } from 'zod';

/**
 * How far an erasure is: kept with the request, so that whichever process goes on knows. Every step may be done again.
 *
 * - `drain`: what was sent before `until` is on its way to the stores;
 * - `rewrite`: the files of the shards are to be written anew;
 * - `tasks`: they are being written;
 * - `replicas`: every zone is to serve the new files and to have dropped the row logs of before;
 * - `traces`: Live, dead letters, definitions, the audit log and other requests are to forget;
 * - `files`: objects that left the catalog are to be deleted;
 * - `disk`: databases are to give up what they hold of deleted rows. Nobody is named any more.
 */
export const erasureStepSchema = z.enum([
  'drain',
  'rewrite',
  'tasks',
  'replicas',
  'traces',
  'files',
  'disk',
]);
export type ErasureStep = z.infer<typeof erasureStepSchema>;

export const erasureWorkSchema = z.object({
  step: erasureStepSchema,
  /** When the step began, ms UTC. */
  stepAt: z.number(),
  /** Everything of these users, by any identifier they were ever sent under. Empty in the last step. */
  identifiers: z.array(z.string()),
  /** A time of arrival, ms UTC, exclusive: what arrived later stays. */
  until: z.number(),
  /** When the rewrite of this round was due: all that arrived before `until` was stored, or would take too long. */
  drainedAt: z.number(),
  /** It was stored. Work that an older version kept does not say so. */
  isDrained: z.boolean().default(false),
  /** Ids of the shard tasks of this round. */
  tasks: z.array(z.string()),
  /** Rewrites so far: one more is needed where a row log would not go otherwise. */
  rounds: z.number().int(),
  /** Contents that were put in the place of others: those others. */
  contents: z.array(z.string()),
  counts: z.object({
    events: z.number().int(),
    profiles: z.number().int(),
    properties: z.number().int(),
    files: z.number().int(),
    aliases: z.number().int(),
  }),
});
export type ErasureWork = z.infer<typeof erasureWorkSchema>;

/** What is shown of a step. */
export const progressOf: Readonly<Record<ErasureStep, string>> = {
  drain: 'waiting until everything that was sent before is stored',
  rewrite: 'writing files anew',
  tasks: 'writing files anew',
  replicas: 'waiting until every zone serves the new files',
  traces: 'removing traces in live, queues and definitions',
  files: 'waiting until the replaced files are deleted',
  disk: 'cleaning the databases',
};
