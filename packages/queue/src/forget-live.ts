import { liveStreamKey } from '@arbor/schema/cluster';
import type { LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { parseLiveFields } from './live-stream.ts';

const entriesAtOnce = 500;

/** Deletes the entries of a project's Live stream that `isAbout` says true of; answers how many. */
export async function forgetLive(
  redis: Redis,
  project: number,
  isAbout: (entry: LiveEntry) => boolean,
): Promise<number> {
  const key = liveStreamKey(project);
  let deleted = 0;
  for (let from = '-'; ;) {
    const entries = await redis.xrange(key, from, '+', 'COUNT', entriesAtOnce);
    const ids = entries.flatMap(([id, fields]) => {
      const entry = parseLiveFields(fields);
      return entry !== null && isAbout(entry) ? [id] : [];
    });
    if (ids.length > 0) deleted += await redis.xdel(key, ...ids);
    const last = entries.at(-1);
    if (last === undefined || entries.length < entriesAtOnce) return deleted;
    from = `(${last[0]}`;
  }
}
