import { roleKey, roleLeaseMs } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';

/** A process without shards says that it lives (`roleKey`); `/readyz` of the API looks for it. */
export async function renewRole(redis: Redis, role: string, name: string): Promise<void> {
  await redis.set(roleKey(role, name), String(Date.now()), 'PX', roleLeaseMs);
}

export async function releaseRole(redis: Redis, role: string, name: string): Promise<void> {
  await redis.del(roleKey(role, name));
}

/** Names of the living processes of a role. SCAN, because there are few such keys and few such calls. */
export async function readRole(redis: Redis, role: string): Promise<string[]> {
  const prefix = roleKey(role, '');
  const names = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
    for (const key of keys) names.add(key.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
  return [...names].toSorted();
}
