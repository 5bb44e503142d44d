import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

const keyBytes = 32;

/**
 * Whoever asks first decides. The key stays out of Redis's log of commands, where it would outlive the day, as far as that
 * Redis lets scripts say so; a copy of all that it holds has it while it holds.
 */
const script = `
pcall(redis.set_repl, redis.REPL_NONE)
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return redis.call('GET', KEYS[1])`;

/**
 * Kept for longer than it is needed: a process whose clock is a little behind, or whose question took a moment, must not make a
 * second key of a day that ends.
 */
const graceMs = 5 * 60_000;

/** The key of a UTC day (days since 1970) that is needed for `forMs`. */
export type SharedDayKeys = (day: number, forMs: number) => Promise<Buffer>;

/**
 * Random keys of days, the same for all processes that ask. Redis forgets them a little after `forMs`, and when it is started
 * anew: who asks again then brings back the one that he had. Where somebody else came first, that one's holds from then on.
 */
export function sharedDayKeys(redis: Redis, clock: () => number = Date.now): SharedDayKeys {
  const known = new Map<number, { readonly key: string; readonly until: number }>();
  return async (day, forMs) => {
    const now = clock();
    // What Redis forgets is forgotten here too: with the key of a day its visitors could be told from each other later.
    for (const [old, { until }] of known) if (until <= now) known.delete(old);
    const offered = known.get(day)?.key ?? randomBytes(keyBytes).toString('base64');
    const name = `arbor:day-key:${day}`;
    const heldMs = Math.ceil(forMs + graceMs);
    const kept = (await redis.eval(script, 1, name, offered, heldMs)) as string;
    known.set(day, { key: kept, until: now + heldMs });
    return Buffer.from(kept, 'base64');
  };
}
