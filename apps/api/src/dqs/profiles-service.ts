import { shardOfUser } from '@arbor/engine/placement';
import type { Logger } from '@arbor/runtime/logger';
import type { Properties } from '@arbor/schema/property-value';
import { ApiError } from '../errors.ts';
import type { LqsClient } from './lqs-client.ts';
import type { Members, ProfilesService, ProjectMoves } from './ports.ts';
import { placeOf } from './place-of.ts';
import { scatter } from './scatter.ts';

const timeLimitMs = 10_000;

/** Asks only the shards on which the users lie. */
export function createProfilesService(deps: {
  readonly members: Members;
  readonly lqs: Pick<LqsClient, 'profiles'>;
  readonly moves: ProjectMoves;
  readonly shardCount: number;
  readonly logger: Logger;
}): ProfilesService {
  const { members, lqs, moves, shardCount, logger } = deps;
  let turn = 0;
  return {
    profiles: async ({ project, users, groups = false, signal }) => {
      const found = new Map<string, Properties>();
      if (users.length === 0) return found;
      const timeLimit = AbortSignal.timeout(timeLimitMs);
      const placement = { project: project.id, spread: project.spread, shardCount };
      const { stored, shards: all } = placeOf({ project, groups }, shardCount);
      const own = new Set(users.map((user) => shardOfUser(user, placement)));
      const whole = AbortSignal.any([signal, timeLimit]);
      try {
        const known = groups ? undefined : await moves.settled(project, whole);
        await scatter({
          shards: groups ? all : all.filter((shard) => own.has(shard)),
          members,
          zone: undefined,
          signal: whole,
          turn: turn++,
          logger,
          ask: async (member, shards, { signal: askSignal, onDone }) => {
            const asked = {
              version: 1 as const,
              project: stored,
              shards: [...shards],
              users: [...users],
              ...(known !== undefined && { moves: known }),
            };
            const answer = await lqs.profiles(member, asked, askSignal);
            for (const [user, properties] of answer.profiles) found.set(user, properties);
            for (const shard of shards) onDone(shard);
          },
        });
      } catch (error) {
        if (signal.aborted) throw new ApiError('CANCELLED', 'the request was cancelled');
        if (timeLimit.aborted) {
          throw new ApiError('TIMEOUT', `profiles took more than ${timeLimitMs / 1000} s`);
        }
        throw error;
      }
      return found;
    },
  };
}
