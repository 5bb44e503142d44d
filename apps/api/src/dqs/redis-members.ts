import { readMembers } from '@arbor/queue/membership';
import type { Member } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';
import { ApiError } from '../errors.ts';
import type { Members } from './ports.ts';

/**
 * The leases in Redis, read at most once in so many milliseconds however many queries ask: a dashboard
 * opens a dozen at once.
 */
const freshMs = 100;
/**
 * While Redis is away no lease can be renewed, which says nothing about the processes: the last list
 * stays good for so long. One that died meanwhile is found out by asking it.
 */
const staleMs = 60_000;

export function createRedisMembers(
  redis: Redis,
  zones: readonly string[],
  clock: () => number,
): Members {
  let latest: Promise<readonly Member[]> | null = null;
  let readAt = -Infinity;
  let known: { readonly members: readonly Member[]; readonly at: number } | null = null;

  const read = async (): Promise<readonly Member[]> => {
    const members = await readMembers(redis, zones);
    known = { members, at: clock() };
    return members;
  };
  return {
    live: () => {
      if (latest === null || clock() - readAt >= freshMs) {
        readAt = clock();
        latest = read().catch((cause: unknown) => {
          if (known !== null && clock() - known.at < staleMs) return known.members;
          latest = null;
          throw new ApiError('UNAVAILABLE', 'redis does not answer: nobody knows who is alive', {
            cause,
            retryAfterSeconds: 1,
          });
        });
      }
      return latest;
    },
  };
}
