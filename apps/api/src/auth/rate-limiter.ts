import type { Redis } from 'ioredis';

interface Rule {
  /** Seconds. */
  readonly window: number;
  readonly max: number;
}

/** Counts requests by key in Redis, so that several API processes share one count. */
export interface RateLimiter {
  /** Records one request and says, in the same step, whether it is allowed. */
  consume(key: string, rule: Rule): Promise<{ allowed: boolean; retryAfter: number | null }>;
}

/**
 * A person mistypes a password a few times; a guesser needs thousands. 10 tries a minute and address
 * stop the second and not the first.
 */
export const authRules = {
  window: 10,
  max: 100,
  customRules: {
    '/sign-in/*': { window: 60, max: 10 },
    // The dashboard asks for it on every page.
    '/get-session': false,
  },
} as const;

/** Also for the set-up link, which better-auth does not serve. */
export const setupRule: Rule = { window: 60, max: 10 };

/** Counts up and starts the window with the first request: one step, so two requests cannot both be the last. */
const script = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return { count, redis.call('PTTL', KEYS[1]) }
`;

export function createRateLimiter(redis: Redis): RateLimiter {
  return {
    consume: async (key, { window, max }) => {
      const reply = await redis.eval(script, 1, `arbor:rate:${key}`, String(window * 1000));
      const [count, leftMs] = reply as [number, number];
      if (count <= max) return { allowed: true, retryAfter: null };
      return { allowed: false, retryAfter: Math.max(1, Math.ceil(leftMs / 1000)) };
    },
  };
}
