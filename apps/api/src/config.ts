import {
  envAbsolutePath,
  envFlag,
  envLogLevel,
  envNames,
  envPort,
  envShards,
  readConfig,
} from '@arbor/runtime/config';
import { z } from 'zod';

const envPositive = z.coerce.number().int().min(1);
const origin = z.url().transform((text) => new URL(text).origin);

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  ARBOR_DATA_DIR: envAbsolutePath,
  ARBOR_SHARDS: envShards.default(16),
  ARBOR_ZONES: envNames.default(['a', 'b']),
  ARBOR_NAME: z.string().default('api'),
  ARBOR_HOST: z.string().default('127.0.0.1'),
  ARBOR_PORT: envPort.default(4000),
  ARBOR_API_URL: origin.default('http://localhost:4000'),
  ARBOR_WEB_URL: origin.default('http://localhost:3000'),
  ARBOR_CLUSTER_KEY: z.string().min(16),
  ARBOR_MASTER_KEY: z.string().min(16),
  ARBOR_BOOTSTRAP: z.string().optional(),
  ARBOR_DEMO: envFlag.default(true),
  ARBOR_DEV: envFlag.default(false),
  ARBOR_LOG: envLogLevel.default('info'),
  ARBOR_LOG_FILE: envAbsolutePath.optional(),
  /** Who may set X-Forwarded-For: Fastify's `trustProxy`. The dashboard's proxy runs on this host by default. */
  ARBOR_TRUST_PROXY: z.string().default('loopback'),
  /** Requests to `/api/v1` with the same credentials, of each api process: a minute, and under way at once. */
  ARBOR_API_PER_MINUTE: envPositive.default(12_000),
  ARBOR_API_AT_ONCE: envPositive.default(100),
  /** Quota of a project over any minute, of each api process: events, and MB of their JSON (ingestion-api.md 3.5). */
  ARBOR_PROJECT_EVENTS_PER_MINUTE: envPositive.default(1_800_000),
  ARBOR_PROJECT_MB_PER_MINUTE: envPositive.default(2048),
  /** Events that browsers behind one address may send over any minute, of each api process (`browser-sdk.md` SRV-12). */
  ARBOR_ADDRESS_EVENTS_PER_MINUTE: envPositive.default(100_000),
  /** What one request of ingestion may be, unpacked: MB (ingestion-api.md 3.5). */
  ARBOR_REQUEST_MB: envPositive.max(64).default(10),
  /** Paths, separated by commas, below which every path of ingestion answers as well: for clients that are set up with one (1.1). */
  ARBOR_PATH_PREFIXES: z
    .string()
    .regex(/^(\/[\w.-]+)+(,\s*(\/[\w.-]+)+)*$|^$/, 'must be paths, for example /collect,/t')
    .default('')
    .transform((text) => text.split(',').flatMap((path) => path.trim() || [])),
  /** Hosts, separated by commas, to which `/track?redirect=` may lead; none: it is ignored. */
  ARBOR_REDIRECT_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((host) => host.trim().toLowerCase() || [])),
  /** Where the browser SDK is served; a neutral path keeps it off block lists. */
  ARBOR_SDK_PATH: z
    .string()
    .regex(/^\/[\w./-]+$/, 'must be a path, for example /sdk/arbor.js')
    .default('/sdk/arbor.js'),
  /** Where the script sends; `/e` works beside it. */
  ARBOR_SDK_ENDPOINT: z
    .string()
    .regex(/^\/[\w-]+(\/[\w-]+)*$/, 'must be a path, for example /e')
    .default('/e'),
});

export interface Config {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly shardCount: number;
  readonly zones: readonly string[];
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly apiUrl: string;
  readonly webUrl: string;
  readonly clusterKey: string;
  readonly masterKey: string;
  readonly bootstrap: string | undefined;
  readonly demo: boolean;
  readonly dev: boolean;
  readonly logLevel: z.infer<typeof envLogLevel>;
  readonly logFile: string | undefined;
  readonly trustProxy: string;
  readonly sdkPath: string;
  readonly sdkEndpoint: string;
  readonly projectQuota: {
    readonly eventsPerMinuteMax: number;
    readonly bytesPerMinuteMax: number;
  };
  readonly addressEventsPerMinuteMax: number;
  readonly requestBytesMax: number;
  readonly pathPrefixes: readonly string[];
  readonly redirectHosts: readonly string[];
  readonly requestLimits: { readonly perMinuteMax: number; readonly atOnceMax: number };
}

/** The only place of this process that reads the environment. */
export function loadConfig(env?: Readonly<Record<string, string | undefined>>): Config {
  const read = readConfig(environment, env);
  return {
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    dataDir: read.ARBOR_DATA_DIR,
    shardCount: read.ARBOR_SHARDS,
    zones: read.ARBOR_ZONES,
    name: read.ARBOR_NAME,
    host: read.ARBOR_HOST,
    port: read.ARBOR_PORT,
    apiUrl: read.ARBOR_API_URL,
    webUrl: read.ARBOR_WEB_URL,
    clusterKey: read.ARBOR_CLUSTER_KEY,
    masterKey: read.ARBOR_MASTER_KEY,
    bootstrap: read.ARBOR_BOOTSTRAP,
    demo: read.ARBOR_DEMO,
    dev: read.ARBOR_DEV,
    logLevel: read.ARBOR_LOG,
    logFile: read.ARBOR_LOG_FILE,
    trustProxy: read.ARBOR_TRUST_PROXY,
    sdkPath: read.ARBOR_SDK_PATH,
    sdkEndpoint: read.ARBOR_SDK_ENDPOINT,
    projectQuota: {
      eventsPerMinuteMax: read.ARBOR_PROJECT_EVENTS_PER_MINUTE,
      bytesPerMinuteMax: read.ARBOR_PROJECT_MB_PER_MINUTE * 1024 * 1024,
    },
    addressEventsPerMinuteMax: read.ARBOR_ADDRESS_EVENTS_PER_MINUTE,
    requestBytesMax: read.ARBOR_REQUEST_MB * 1024 * 1024,
    pathPrefixes: read.ARBOR_PATH_PREFIXES,
    redirectHosts: read.ARBOR_REDIRECT_HOSTS,
    requestLimits: {
      perMinuteMax: read.ARBOR_API_PER_MINUTE,
      atOnceMax: read.ARBOR_API_AT_ONCE,
    },
  };
}
