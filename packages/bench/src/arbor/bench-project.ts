import { shardOfUser } from '@arbor/engine/placement';

/** The project that the stack of a bench holds, made by its bootstrap. */
export const benchProject = {
  id: 4711,
  name: 'Bench',
  token: 'bench-token',
  secret: 'bench-secret',
  /** Thursday: weeks begin with the first day of the data, so that every week but the last is whole. */
  weekStart: 4,
} as const;

export const shardCount = 16;

/** A new project lies on one shard, whatever its users' ids. */
export const benchShard = shardOfUser('', { project: benchProject.id, spread: 1, shardCount });

export const bootstrap = JSON.stringify([
  {
    org: 'Bench',
    project: benchProject.name,
    id: benchProject.id,
    token: benchProject.token,
    secret: benchProject.secret,
    timezone: 'UTC',
  },
]);
