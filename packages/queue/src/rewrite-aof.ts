import type { Redis } from 'ioredis';

/** What Redis says of the file that it writes commands to. */
interface AofState {
  readonly enabled: boolean;
  readonly busy: boolean;
  readonly failed: boolean;
}

/**
 * Writes the append-only file of Redis anew from what is in its memory, so that nothing that was deleted is on its disk
 * any more; resolves when that is done. A Redis without one, or that refuses the command to its users, has nothing to
 * be done: the second is the operator's.
 */
export async function rewriteAof(
  redis: Redis,
  { everyMs, timeoutMs, pause }: AofWait,
): Promise<'rewritten' | 'none' | 'refused'> {
  const state = await readState(redis);
  if (!state.enabled) return 'none';
  // One that runs may have passed what was deleted since it began.
  await waitUntilIdle(redis, { everyMs, timeoutMs, pause });
  if (!(await isAllowed(() => redis.bgrewriteaof()))) return 'refused';
  await waitUntilIdle(redis, { everyMs, timeoutMs, pause });
  return 'rewritten';
}

/** Redis remembers commands that took long, with what they wrote. False: it refuses this to its users. */
export const forgetSlowCommands = (redis: Redis): Promise<boolean> =>
  isAllowed(() => redis.slowlog('RESET'));

async function isAllowed(command: () => Promise<unknown>): Promise<boolean> {
  try {
    await command();
    return true;
  } catch (error) {
    if (/NOPERM|unknown command/i.test(String(error))) return false;
    throw error;
  }
}

export interface AofWait {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly pause: (ms: number) => Promise<unknown>;
}

async function waitUntilIdle(redis: Redis, { everyMs, timeoutMs, pause }: AofWait): Promise<void> {
  for (let waited = 0; ; waited += everyMs) {
    const { busy, failed } = await readState(redis);
    if (!busy && failed) throw new Error('redis could not write its append-only file anew');
    if (!busy) return;
    if (waited >= timeoutMs) throw new Error('redis has not written its append-only file in time');
    await pause(everyMs);
  }
}

async function readState(redis: Redis): Promise<AofState> {
  const info = await redis.info('persistence');
  const is = (name: string): boolean => new RegExp(`^${name}:1`, 'm').test(info);
  return {
    enabled: is('aof_enabled'),
    busy: is('aof_rewrite_in_progress') || is('aof_rewrite_scheduled'),
    failed: /^aof_last_bgrewrite_status:err/m.test(info),
  };
}
