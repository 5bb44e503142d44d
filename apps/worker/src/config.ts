import os from 'node:os';
import {
  envAbsolutePath,
  envLogLevel,
  envNames,
  envPort,
  envShards,
  readConfig,
} from '@arbor/runtime/config';
import { z } from 'zod';
import { workerLimits } from './limits.ts';

const common = {
  ARBOR_NAME: z.string(),
  ARBOR_HOST: z.string().default('127.0.0.1'),
  /** Of the LQS (storage), or of health and metrics (etl, jobs). */
  ARBOR_PORT: envPort,
  REDIS_URL: z.string(),
  ARBOR_ZONES: envNames,
  ARBOR_SHARDS: envShards,
  ARBOR_LOG: envLogLevel.default('info'),
  ARBOR_LOG_FILE: envAbsolutePath.optional(),
};

const positive = z.coerce
  .number({ error: 'must be a number above 0' })
  .positive({ error: 'must be a number above 0' });

const wholeAtLeastOne = z.coerce
  .number({ error: 'must be a whole number above 0' })
  .int({ error: 'must be a whole number above 0' })
  .positive({ error: 'must be a whole number above 0' });

const roleSchema = z.object({ ARBOR_ROLE: z.enum(['etl', 'jobs', 'storage']) });

/** Keys what is kept of erased identifiers: all roles that know them must have the same. */
const masterKey = z.string().min(16);

const etlSchema = z.object({
  ...common,
  DATABASE_URL: z.string(),
  ARBOR_MASTER_KEY: masterKey,
  /** The operator's own MMDB file, instead of the bundled country database. */
  ARBOR_GEOIP_FILE: envAbsolutePath.optional(),
});

const jobsSchema = z.object({
  ...common,
  DATABASE_URL: z.string(),
  ARBOR_MASTER_KEY: masterKey,
  /** How long an erasure can be cancelled before it starts. */
  ARBOR_ERASURE_DELAY_SECONDS: z.coerce
    .number({ error: 'must be a number, 0 or above' })
    .min(0, { error: 'must be a number, 0 or above' })
    .default(10),
});

const storageSchema = z.object({
  ...common,
  ARBOR_ZONE: z.string(),
  ARBOR_DATA_DIR: envAbsolutePath,
  ARBOR_CLUSTER_KEY: z.string().min(16),
  DATABASE_URL: z.string(),
  /** `file:/PATH` or `s3://bucket/prefix`; unset: the folder `objects` of the data folder. Keys of S3 are found as AWS tools find them. */
  ARBOR_OBJECTS: z.string().optional(),
  /** Of an S3 store that is not Amazon's. */
  ARBOR_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  AWS_REGION: z.string().optional(),
  /** Batches are indexed when so many bytes of them wait in a shard's row log … */
  ARBOR_INDEX_BYTES: positive.default(8 * 1024 * 1024),
  /** … or when the oldest has waited so long. */
  ARBOR_INDEX_SECONDS: positive.default(300),
  /** Objects that were replaced stay so long: for whoever copies the object store longer than for queries under way. */
  ARBOR_REPLACED_FILES_SECONDS: positive.default(600),
  /** Files that hold what was erased stay so long for queries under way, which end within a minute. */
  ARBOR_ERASED_FILES_SECONDS: positive.default(90),
  /** Threads that answer queries. */
  ARBOR_QUERY_THREADS: wholeAtLeastOne.default(() =>
    Math.min(os.availableParallelism(), workerLimits.queryThreadsMax),
  ),
  /** Decoded columns that queries keep in memory. */
  ARBOR_COLUMN_CACHE_MB: wholeAtLeastOne.default(() =>
    Math.min(Math.ceil(os.totalmem() / 2 ** 20 / 8), workerLimits.columnCacheMbMax),
  ),
  /** What queries may hold beside them where the columns of all days do not fit. */
  ARBOR_QUERY_MEMORY_MB: wholeAtLeastOne.default(() =>
    Math.min(Math.ceil(os.totalmem() / 2 ** 20 / 8), workerLimits.queryMemoryMbMax),
  ),
  /** Answers kept for whoever asks again; 0 = none. */
  ARBOR_RESULT_CACHE_MB: z.coerce
    .number({ error: 'must be a number, 0 or above' })
    .min(0, { error: 'must be a number, 0 or above' })
    .default(64),
});

export type Config =
  | ({ readonly role: 'etl' } & Readonly<z.output<typeof etlSchema>>)
  | ({ readonly role: 'jobs' } & Readonly<z.output<typeof jobsSchema>>)
  | ({ readonly role: 'storage' } & Readonly<z.output<typeof storageSchema>>);

/** The environment of this process, checked. No other file reads it. */
export function readWorkerConfig(): Config {
  const { ARBOR_ROLE: role } = readConfig(roleSchema);
  if (role === 'etl') return { role, ...readConfig(etlSchema) };
  if (role === 'jobs') return { role, ...readConfig(jobsSchema) };
  return { role, ...readConfig(storageSchema) };
}
