import { liveStreamKey, rejectedStreamKey } from '@arbor/schema/cluster';
import type { LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { parseLiveFields } from './live-stream.ts';

const entriesAtOnce = 500;

/**
 * Writes the stream anew: Redis only marks what is deleted, and gives it up with the last entry of its block. Ids stay, and
 * so do the greatest ever given, which readers go on from, and the time after which it goes by itself.
 */
const rebuild = `
local entries = redis.call('XRANGE', KEYS[1], '-', '+')
if #entries == 0 then return redis.call('DEL', KEYS[1]) end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
local last
for i = 1, #info, 2 do if info[i] == 'last-generated-id' then last = info[i + 1] end end
local leftMs = redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], unpack(entry[2])) end
redis.call('XSETID', KEYS[1], last)
if leftMs > 0 then redis.call('PEXPIRE', KEYS[1], leftMs) end
return #entries`;

/**
 * Deletes the entries that `isAbout` says true of: of a project's Live stream, and of the refused records that are kept;
 * answers how many.
 */
export async function forgetLive(
  redis: Redis,
  project: number,
  isAbout: (entry: LiveEntry) => boolean,
): Promise<number> {
  let deleted = 0;
  for (const key of [liveStreamKey(project), rejectedStreamKey(project)]) {
    deleted += await forgetIn(redis, key, isAbout);
  }
  return deleted;
}

async function forgetIn(
  redis: Redis,
  key: string,
  isAbout: (entry: LiveEntry) => boolean,
): Promise<number> {
  let deleted = 0;
  for (let from = '-'; ;) {
    const entries = await redis.xrange(key, from, '+', 'COUNT', entriesAtOnce);
    const ids = entries.flatMap(([id, fields]) => {
      const entry = parseLiveFields(fields);
      return entry !== null && isAbout(entry) ? [id] : [];
    });
    if (ids.length > 0) deleted += await redis.xdel(key, ...ids);
    const last = entries.at(-1);
    if (last === undefined || entries.length < entriesAtOnce) break;
    from = `(${last[0]}`;
  }
  // Also where nothing was found: whoever did this before may have died before this.
  await redis.eval(rebuild, 1, key);
  return deleted;
}
