import { hashText, mixHash } from '../base/hash.ts';
import { assert } from '../base/assert.ts';

/**
 * Where data lies. A project uses `spread` shards (a power of two) beginning at a place that depends
 * on its number; a user lies in one of them by the hash of the canonical id.
 *
 * **Stable for ever**: stored data lies where these functions said. first shard =
 * mix(project) mod shardCount; slot of a user = mix(FNV-1a 32 of the id's UTF-8 bytes) mod spread;
 * shard = (first + slot) mod shardCount. `mix` is the finaliser of MurmurHash3 (base/hash.ts).
 *
 * Doubling the spread keeps every old shard in the set and moves only users of slot s to slot
 * s + old spread: half of them, and never between two old shards.
 */
export interface Spread {
  readonly project: number;
  readonly spread: number;
  readonly shardCount: number;
}

/** The shards that hold a project, its first shard first. */
export function shardsOfProject(options: Spread): number[] {
  const first = firstShard(options);
  return Array.from({ length: options.spread }, (_, slot) => (first + slot) % options.shardCount);
}

/** The shard of a user by canonical id. "" (events that belong to no user) goes to the first shard. */
export function shardOfUser(user: string, options: Spread): number {
  const first = firstShard(options);
  if (user === '') return first;
  const slot = mixHash(hashText(user)) & (options.spread - 1);
  return (first + slot) % options.shardCount;
}

function firstShard({ project, spread, shardCount }: Spread): number {
  assert(
    Number.isInteger(shardCount) && shardCount >= 1,
    () => `shard count ${shardCount} is not a positive integer`,
  );
  assert(
    Number.isInteger(spread) &&
      spread >= 1 &&
      spread <= shardCount &&
      (spread & (spread - 1)) === 0,
    () => `spread ${spread} is not a power of two from 1 to the ${shardCount} shards`,
  );
  return mixHash(project) % shardCount;
}
