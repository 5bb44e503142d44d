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
 * A random key of a UTC day (days since 1970), the same for all processes that ask. Redis forgets it after `forMs`, or when
 * it is started anew: who asks then gets another one.
 */
export async function dayKey(
  redis: Redis,
  { day, forMs }: { readonly day: number; readonly forMs: number },
): Promise<Buffer> {
  const offered = randomBytes(keyBytes).toString('base64');
  const name = `arbor:day-key:${day}`;
  const kept = (await redis.eval(script, 1, name, offered, Math.ceil(forMs))) as string;
  return Buffer.from(kept, 'base64');
}
