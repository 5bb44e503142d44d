import type { Db } from '@arbor/db';
import { readRole } from '@arbor/queue/role-lease';
import type { Readiness } from '@arbor/runtime/health-server';
import type { Redis } from 'ioredis';
import type { Members } from '../dqs/ports.ts';

/** A part that needs longer than this to say that it is well, is not. */
const partMsMax = 2000;

export interface ReadinessDeps {
  readonly db: Db;
  readonly redis: Redis;
  readonly members: Members;
  readonly shardCount: number;
}

/** Whether ingestion and queries work, part by part (run contract, `/readyz`). */
export async function checkReadiness(deps: ReadinessDeps): Promise<Readiness> {
  const checks: Record<string, () => Promise<string>> = {
    postgresql: async () => {
      await deps.db.$queryRaw`SELECT 1`;
      return 'ok';
    },
    redis: async () => {
      await deps.redis.ping();
      return 'ok';
    },
    etl: async () => ((await readRole(deps.redis, 'etl')).length > 0 ? 'ok' : 'no etl is alive'),
    storage: () => checkShards(deps),
  };
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)] as const),
  );
  return { ok: entries.every(([, text]) => text === 'ok'), parts: Object.fromEntries(entries) };
}

async function checkShards({ members, shardCount }: ReadinessDeps): Promise<string> {
  const serving = (await members.live()).filter((member) => member.serving);
  const served = new Set(serving.flatMap(({ shards }) => shards));
  const missing = Array.from({ length: shardCount }, (_, shard) => shard).filter(
    (shard) => !served.has(shard),
  );
  if (missing.length === 0) return 'ok';
  return `no replica serves shards ${missing.join(', ')}`;
}

async function outcome(check: () => Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${partMsMax} ms`), partMsMax);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
