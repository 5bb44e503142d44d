import { z } from 'zod';

/** Membership: what a storage process writes into Redis every second, with a time to live (architecture 7). */
export const memberSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  zone: z.string(),
  url: z.string(),
  pid: z.number().int(),
  shards: z.array(z.number().int()),
  /** True once the log is replayed and the queues were seen empty, or nearly: it may serve. */
  serving: z.boolean(),
  /** Age of the oldest batch that waits for this process, ms; 0 when none does. */
  lagMs: z.number(),
  /** Files of its row logs of which something could not be read; absent in those of older versions. */
  damagedLogs: z.number().int().optional(),
  /** What is kept of each shard; absent in those of older versions. */
  kept: z
    .array(
      z.object({
        shard: z.number().int(),
        /** Of the catalog: what it left out is served no more. */
        version: z.number().int(),
        /** Nothing in its row log came before this, ms UTC; null = there is nothing. */
        logSince: z.number().nullable(),
      }),
    )
    .optional(),
});
export type Member = z.infer<typeof memberSchema>;

export const membersKey = (zone: string): string => `arbor:members:${zone}`;
export const memberHeartbeatMs = 500;
/**
 * Queries run on threads and hold up no heartbeat. What still can is a machine that is out of processors
 * or memory for seconds: a lease that ends then gives the work of a busy process to the next, which is
 * busier for it, and soon nobody is alive. One that was killed is found out at once, by its closed port.
 */
export const memberLeaseMs = 10_000;

/** Same idea for processes without shards (etl): `arbor:role:<role>:<name>` with a time to live. */
export const roleLeaseMs = 3000;
export const roleKey = (role: string, name: string): string => `arbor:role:${role}:${name}`;

export const liveStreamKey = (project: number): string => `arbor:live:${project}`;
/** Entries kept a project (UX-L8 keeps 1,000 rows on screen, ten minutes on the server). */
export const liveStreamEntriesMax = 10_000;

/** Refused records that are kept to be looked at, each as Live shows it: some of each reason, for some days. */
export const rejectedStreamKey = (project: number): string => `arbor:rejected:${project}`;
export const rejectedStreamEntriesMax = 1000;
/** Has the refused records of what no project is known for: projects begin at 1. */
export const noProject = 0;
