import fs from 'node:fs';
import path from 'node:path';
import {
  ConfigError,
  envFlag,
  envLogLevel,
  envNames,
  envPort,
  envShards,
  readConfig,
} from '@arbor/runtime/config';
import { z } from 'zod';
import { repository } from './repository.ts';

/** Which programs the stack runs. */
export type Mode =
  /** From source, restarted when it changes; the dashboard by `next dev`. */
  | 'dev'
  /** From the production build. */
  | 'build'
  /** From source and left alone when it changes: for tests in a checkout that has no fresh build. */
  | 'source';

/** What run-contract.md lets an operator choose. This is the only place that reads the environment. */
const environmentSchema = z.object({
  ARBOR_DATA_DIR: z.string().default('.arbor'),
  ARBOR_WEB_PORT: envPort.default(3000),
  ARBOR_API_PORT: envPort.default(4000),
  ARBOR_HOST: z.string().default('127.0.0.1'),
  ARBOR_WEB: envFlag.prefault('1'),
  ARBOR_DEMO: envFlag.prefault('1'),
  ARBOR_BOOTSTRAP: z.string().refine(isJsonArray, { error: 'must be a JSON array' }).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ARBOR_OBJECTS: z
    .string()
    .regex(/^(file:.|s3:\/\/.)/, { error: 'must be file:PATH or s3://bucket/prefix' })
    .optional(),
  ARBOR_ZONES: envNames.optional(),
  ARBOR_SHARDS: envShards.optional(),
  ARBOR_MASTER_KEY: z.string().min(16).optional(),
  ARBOR_LOG: envLogLevel.default('info'),
});

export type Settings = {
  readonly dataDirectory: string;
  readonly webPort: number;
  readonly apiPort: number;
  readonly host: string;
  readonly web: boolean;
  readonly demo: boolean;
  readonly bootstrap: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Where segments lie, its path made absolute; undefined = in the data folder. */
  readonly objects: string | undefined;
  /** As asked for; undefined takes those of the folder's cluster, or the defaults of a new one. */
  readonly zones: readonly string[] | undefined;
  readonly shards: number | undefined;
  readonly masterKey: string | undefined;
  readonly logLevel: string;
};

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const read = readConfig(environmentSchema, env);
  if (read.ARBOR_WEB && read.ARBOR_WEB_PORT === read.ARBOR_API_PORT) {
    throw new ConfigError(
      `ARBOR_WEB_PORT and ARBOR_API_PORT are both ${read.ARBOR_API_PORT}: ` +
        'the dashboard and the api need a port each',
    );
  }
  return {
    dataDirectory: path.resolve(repository.root, read.ARBOR_DATA_DIR),
    webPort: read.ARBOR_WEB_PORT,
    apiPort: read.ARBOR_API_PORT,
    host: read.ARBOR_HOST,
    web: read.ARBOR_WEB,
    demo: read.ARBOR_DEMO,
    bootstrap: read.ARBOR_BOOTSTRAP,
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    objects: read.ARBOR_OBJECTS?.replace(
      /^file:(?!\/)(.*)$/,
      (_, given: string) => `file:${path.resolve(repository.root, given)}`,
    ),
    zones: read.ARBOR_ZONES,
    shards: read.ARBOR_SHARDS,
    masterKey: read.ARBOR_MASTER_KEY,
    logLevel: read.ARBOR_LOG,
  };
}

function isJsonArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

const clusterSchema = z.object({ zones: z.array(z.string()).min(1), shards: z.number().int() });
export type Cluster = z.infer<typeof clusterSchema>;

const newCluster: Cluster = { zones: ['a', 'b'], shards: 16 };

/**
 * Shards and zones of the cluster in this folder, fixed when it was made: every stored row lies in the
 * shard that its user's hash gave for that count, and a zone that is added later would start without data.
 */
export function keepCluster(settings: Settings): Cluster {
  const file = path.join(settings.dataDirectory, 'cluster.json');
  if (!fs.existsSync(file)) {
    const cluster = {
      zones: [...(settings.zones ?? newCluster.zones)],
      shards: settings.shards ?? newCluster.shards,
    };
    fs.writeFileSync(file, `${JSON.stringify(cluster)}\n`, { mode: 0o600, flush: true });
    return cluster;
  }
  const cluster = clusterSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  const { zones = cluster.zones, shards = cluster.shards } = settings;
  if (shards !== cluster.shards || zones.join() !== cluster.zones.join()) {
    throw new Error(
      `the cluster in ${settings.dataDirectory} has ${cluster.shards} shards in zones ${cluster.zones.join()}; ` +
        `ARBOR_SHARDS=${shards} and ARBOR_ZONES=${zones.join()} can be chosen for a new data folder only: ` +
        'unset them, or choose another folder with ARBOR_DATA_DIR',
    );
  }
  return cluster;
}
