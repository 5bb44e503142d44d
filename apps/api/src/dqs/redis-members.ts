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

export function createRedisMembers(
  redis: Redis,
  zones: readonly string[],
  clock: () => number,
): Members {
  let latest: Promise<readonly Member[]> | null = null;
  let readAt = -Infinity;
  return {
    live: () => {
      if (latest === null || clock() - readAt >= freshMs) {
        readAt = clock();
        latest = readMembers(redis, zones).catch((cause: unknown) => {
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
