import {
  memberHeartbeatMs,
  memberLeaseMs,
  memberSchema,
  membersKey,
  type Member,
} from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';

/**
 * Leases of the storage processes in Redis. A zone's set (`membersKey(zone)`) holds the names; the
 * lease itself is a key of its own, so that Redis ends it by its own clock.
 */
const leaseKey = (zone: string, name: string): string => `${membersKey(zone)}:${name}`;

/** Takes or renews the lease. Called every `memberHeartbeatMs`. */
export async function renewLease(redis: Redis, member: Member): Promise<void> {
  const results = await redis
    .multi()
    .sadd(membersKey(member.zone), member.name)
    .set(leaseKey(member.zone, member.name), JSON.stringify(member), 'PX', memberLeaseMs)
    .exec();
  for (const [error] of results ?? []) if (error !== null) throw error;
}

/** Gives the lease up at once, so that no query is sent to a process that is leaving. */
export async function releaseLease(redis: Redis, zone: string, name: string): Promise<void> {
  await redis.multi().srem(membersKey(zone), name).del(leaseKey(zone, name)).exec();
}

/** Later than this after its last beat a process is busy with something long, or hangs. */
const silentMs = 2 * memberHeartbeatMs;

/**
 * The processes whose lease holds now, in the order of `zones`. An entry nobody can read is left out.
 * What a silent process said of its lag is as old as its silence, so its lag is at least that: queries
 * go to the other replica while it is busy.
 */
export async function readMembers(redis: Redis, zones: readonly string[]): Promise<Member[]> {
  const members: Member[] = [];
  for (const zone of zones) {
    const names = (await redis.smembers(membersKey(zone))).toSorted();
    if (names.length === 0) continue;
    const keys = names.map((name) => leaseKey(zone, name));
    const [leases, leftMs] = await Promise.all([
      redis.mget(keys),
      Promise.all(keys.map((key) => redis.pttl(key))),
    ]);
    for (const [i, lease] of leases.entries()) {
      const member = lease === null ? null : parseMember(lease);
      const silence = memberLeaseMs - (leftMs[i] ?? 0);
      const lagMs = silence > silentMs ? silence : 0;
      if (member !== null) members.push({ ...member, lagMs: Math.max(member.lagMs, lagMs) });
      // A name without a lease is of a process that was killed; forget it.
      else if (lease === null) await redis.srem(membersKey(zone), names[i] ?? '');
    }
  }
  return members;
}

function parseMember(text: string): Member | null {
  try {
    const parsed = memberSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: written by something that is not ours.
    return null;
  }
}
