import { shardsOfProject } from '@arbor/engine/placement';
import type { Logger } from '@arbor/runtime/logger';
import type { LqsNames } from '@arbor/schema/lqs';
import { ApiError } from '../errors.ts';
import type { LqsClient } from './lqs-client.ts';
import { mergeNames, withComputed } from './merge-names.ts';
import type { Members, NamesService } from './ports.ts';
import { scatter } from './scatter.ts';

/** Pickers are opened and closed quickly: late names are of no use. */
const timeLimitMs = 10_000;

export function createNamesService(deps: {
  readonly members: Members;
  readonly lqs: LqsClient;
  readonly shardCount: number;
  readonly logger: Logger;
}): NamesService {
  const { members, lqs, shardCount, logger } = deps;
  let turn = 0;
  return {
    names: async ({ project, values, signal }) => {
      // Values of groups are the same on each.
      const shards = shardsOfProject({ project: project.id, spread: project.spread, shardCount });
      const timeLimit = AbortSignal.timeout(timeLimitMs);
      const parts: LqsNames[] = [];
      try {
        await scatter({
          shards: values?.scope === 'group' ? shards.slice(0, 1) : shards,
          members,
          zone: undefined,
          signal: AbortSignal.any([signal, timeLimit]),
          turn: turn++,
          logger,
          ask: async (member, shards, { signal: askSignal, onDone }) => {
            const request = { version: 1 as const, project: project.id, shards: [...shards] };
            const names = await lqs.names(
              member,
              values === undefined ? request : { ...request, values },
              askSignal,
            );
            parts.push(names);
            for (const shard of shards) onDone(shard);
          },
        });
      } catch (error) {
        if (signal.aborted) throw new ApiError('CANCELLED', 'the request was cancelled');
        if (timeLimit.aborted) {
          throw new ApiError('TIMEOUT', `names took more than ${timeLimitMs / 1000} s`);
        }
        throw error;
      }
      return withComputed(mergeNames(parts, values?.max));
    },
  };
}
