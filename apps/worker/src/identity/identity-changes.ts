import type { Redis } from 'ioredis';
import { z } from 'zod';

const channel = 'arbor:identity-changes';

const changeSchema = z.discriminatedUnion('version', [
  /** A user that was merged into another one; identifiers of `loser` are `winner`'s from now on. */
  z.object({
    version: z.literal(1),
    project: z.number().int(),
    /** Of the project when they were merged: one that is older than what is known says nothing any more. */
    epoch: z.number().int(),
    loser: z.string(),
    winner: z.string(),
  }),
  /** Identifiers left a user: what is remembered of the project may be wrong. */
  z.object({ version: z.literal(2), project: z.number().int(), epoch: z.number().int() }),
]);

/** What a process changed in the identity map. */
export type IdentityChange = z.infer<typeof changeSchema>;

/**
 * Tells the other ETL processes. A message may be lost: caches then hold what was true before, and learn of identifiers
 * that left a user by the epoch of the project's settings.
 */
export async function publishChange(redis: Redis, change: IdentityChange): Promise<void> {
  await redis.publish(channel, JSON.stringify(change));
}

/**
 * Listens on a connection of its own. `onGap` is called whenever messages may have been missed: when
 * the subscription begins, and after every reconnection.
 */
export function subscribeToChanges(
  connection: Redis,
  handlers: { onChange: (change: IdentityChange) => void; onGap: () => void },
): void {
  connection.on('message', (_channel, text) => {
    const change = parseChange(text);
    // A shape of a newer version: what it says is unknown, so nothing that is remembered can be trusted.
    if (change === null) handlers.onGap();
    else handlers.onChange(change);
  });
  connection.on('ready', handlers.onGap);
  void connection.subscribe(channel).then(handlers.onGap, handlers.onGap);
}

function parseChange(text: string): IdentityChange | null {
  try {
    return changeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: nothing of ours wrote it, but it may stand for a change that was mangled.
    return null;
  }
}
