import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '@arbor/db/migrate';
import type { TestProject } from 'vitest/node';
import { findFreePorts } from '../ports.ts';
import { startPostgres } from '../postgres.ts';
import { startRedis } from '../redis.ts';
import { repository } from '../repository.ts';

/** vitest's global set-up: one PostgreSQL and one Redis for the run, in a folder that goes afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-services-'));
  // PostgreSQL runs as nobody when we are root, and must be able to enter.
  fs.chmodSync(folder, 0o711);
  const [postgresPort = 0, redisPort = 0] = await findFreePorts(2);
  const [postgres, redis] = await Promise.all([
    startPostgres({
      directory: path.join(folder, 'postgres'),
      port: postgresPort,
      database: 'arbor_test',
      password: 'test',
      durable: false,
    }),
    startRedis({
      directory: path.join(folder, 'redis'),
      port: redisPort,
      cacheDirectory: repository.cache,
    }),
  ]);
  await migrate(postgres.url);
  project.provide('databaseUrl', postgres.url);
  project.provide('redisUrl', redis.url);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
  };
}
