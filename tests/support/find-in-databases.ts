import type { TestStack } from '@arbor/local-stack/testing/test-stack';
import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * Every table of PostgreSQL and every key of Redis, and its log of slow commands, that holds one of the texts: `text in place`.
 * Both compress what they write, so that a search of their files alone finds too little.
 */
export async function findInDatabases(
  { postgres, redis }: ReturnType<TestStack['run']>,
  texts: readonly string[],
): Promise<string[]> {
  return [...(await findInPostgres(postgres.url, texts)), ...(await findInRedis(redis.url, texts))];
}

const foundIn = (place: string, content: string, texts: readonly string[]): string[] =>
  texts.filter((text) => content.includes(text)).map((text) => `${text} in ${place}`);

async function findInPostgres(url: string, texts: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT to_jsonb(each)::text AS row FROM ${name} AS each`,
      );
      found.push(...foundIn(`table ${name}`, rows.map(({ row }) => row).join('\n'), texts));
    }
    return found;
  } finally {
    await client.end();
  }
}

async function findInRedis(url: string, texts: readonly string[]): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const found = foundIn('slow commands', JSON.stringify(await redis.slowlog('GET', -1)), texts);
    for (const key of await redis.keys('*')) {
      found.push(
        ...foundIn(`key ${key}`, `${key} ${JSON.stringify(await valueOf(redis, key))}`, texts),
      );
    }
    return found;
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      // It went since it was listed.
      return null;
    default:
      throw new Error(`key ${key} is of a type that nobody searches`);
  }
}
