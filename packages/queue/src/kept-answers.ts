import type { Redis } from 'ioredis';

const prefix = 'arbor:idempotency:';

/** Where what a write with an `Idempotency-Key` was answered lies. `hash`: of the key and whose it is. */
export const keptAnswerKey = (hash: string): string => `${prefix}${hash}`;

const keysAtOnce = 1000;

/**
 * That the write was done stays known, so that nobody does it twice; requests under way are left alone. Of which project an
 * answer is older versions did not say.
 */
const forget = `
local value = redis.call('GET', KEYS[1])
if not value then return 0 end
local entry = cjson.decode(value)
if entry.project ~= nil and entry.project ~= tonumber(ARGV[1]) then return 0 end
if entry.sealed == cjson.null then return 0 end
entry.sealed = cjson.null
entry.forgotten = true
redis.call('SET', KEYS[1], cjson.encode(entry), 'KEEPTTL')
return 1`;

/**
 * Forgets what the writes of a project were answered: nobody but the api can read which of them name somebody. Answers how
 * many were forgotten.
 */
export async function forgetKeptAnswers(redis: Redis, project: number): Promise<number> {
  let forgotten = 0;
  for (let cursor = '0'; ;) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', keysAtOnce);
    for (const key of keys) forgotten += Number(await redis.eval(forget, 1, key, project));
    if (next === '0') return forgotten;
    cursor = next;
  }
}
