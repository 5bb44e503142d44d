import { EngineError } from './errors.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = number & { readonly [brand]: Name };

/** Numbers that are easily mixed up. A brand erases at run time, so it still indexes a typed array. */
export type ProjectId = Branded<'ProjectId'>;
export type ShardId = Branded<'ShardId'>;

const uint32Max = 0xffffffff;

/** Projects are numbered from 1; the number must fit the 32 bits it has in a batch. */
export function projectId(value: number): ProjectId {
  if (!Number.isInteger(value) || value < 1 || value > uint32Max) {
    throw new EngineError(
      'WRONG_PROJECT',
      `project ${value} is not an integer from 1 to ${uint32Max}`,
    );
  }
  return value as ProjectId;
}

/** Shards are numbered from 0. */
export function shardId(value: number): ShardId {
  if (!Number.isInteger(value) || value < 0 || value > uint32Max) {
    throw new EngineError('WRONG_SHARD', `shard ${value} is not an integer from 0 to ${uint32Max}`);
  }
  return value as ShardId;
}
