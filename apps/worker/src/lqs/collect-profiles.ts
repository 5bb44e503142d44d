import type { LqsProfiles, LqsProfilesRequest } from '@arbor/schema/lqs';
import type { Properties } from '@arbor/schema/property-value';
import { shardHere } from './run-query.ts';

/** The part of a shard's store that knows profiles. */
export interface ProfiledShard {
  profiles(
    project: number,
    users: readonly string[],
    leftOut?: readonly string[],
  ): ReadonlyMap<string, Properties>;
}

/** Profiles of some users. A user lies in one shard, so none is found twice. */
export function collectProfiles(
  shards: ReadonlyMap<number, ProfiledShard>,
  { project, shards: asked, users, moves }: LqsProfilesRequest,
): LqsProfiles {
  const stores = asked.map((shard) => ({ shard, store: shardHere(shards, shard) }));
  const profiles = stores.flatMap(({ shard, store }) => {
    const left = moves?.leftOut.find((one) => one.shard === shard);
    return [...store.profiles(project, users, left?.users)];
  });
  return { profiles };
}
