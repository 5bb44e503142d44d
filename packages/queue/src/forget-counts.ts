import type { Redis } from 'ioredis';
import { hourKey, hourMs, hoursKeptSeconds, lastKey } from './count-keys.ts';

const keysAtOnce = 50;

/**
 * Deletes counts of ingestion whose field `isAbout` says true of: what names properties and libraries comes from outside,
 * so that a user may be named there. `field`: what it is made of (count-keys.ts). Answers how many went.
 */
export async function forgetCounts(
  redis: Redis,
  { project, now }: { readonly project: number; readonly now: number },
  isAbout: (field: unknown) => boolean,
): Promise<number> {
  const hour = Math.floor(now / hourMs);
  const hours = Math.ceil((hoursKeptSeconds * 1000) / hourMs) + 1;
  // One hour ahead: the clock of an edge may be.
  const keys = Array.from({ length: hours + 1 }, (_, n) => hourKey(project, hour + 1 - n));
  keys.push(lastKey(project));
  let deleted = 0;
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const some = keys.slice(from, from + keysAtOnce);
    const fields = await Promise.all(some.map((key) => redis.hkeys(key)));
    for (const [i, key] of some.entries()) {
      const going = (fields[i] ?? []).filter((field) => isAbout(read(field)));
      if (going.length > 0) deleted += await redis.hdel(key, ...going);
    }
  }
  return deleted;
}

function read(field: string): unknown {
  try {
    return JSON.parse(field);
  } catch {
    // Written by something that is not ours: judged as the text that it is.
    return field;
  }
}
