import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataFolder } from './data-folder.ts';
import { repository } from './repository.ts';
import { stackMarker, type Command } from './spawn-process.ts';
import type { Cluster, Mode, Settings } from './settings.ts';

/** A process of ours: what it is, and how it is started. */
export type ProcessPlan = Command & {
  readonly name: string;
  readonly role: 'web' | 'api' | 'etl' | 'jobs' | 'storage' | 'demo';
  readonly zone?: string;
  readonly port: number;
  /** The app it runs, for reloads; none for the dashboard, which watches for itself. */
  readonly app?: string;
};

/** What all processes need to find each other. */
export type Wiring = {
  readonly mode: Mode;
  readonly settings: Settings;
  readonly cluster: Cluster;
  readonly folder: DataFolder;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly masterKey: string;
  readonly clusterKey: string;
  /** Free ports, taken in order by the processes that nobody addresses by hand. */
  readonly ports: readonly number[];
};

export const apiUrlOf = (settings: Settings): string => `http://localhost:${settings.apiPort}`;
export const webUrlOf = (settings: Settings): string => `http://localhost:${settings.webPort}`;

/** Where the storage processes keep their objects; the default is theirs (apps/worker, roles/storage.ts). */
export const objectsAddressOf = ({ objects, dataDirectory }: Settings): string =>
  objects ?? `file:${path.join(dataDirectory, 'objects')}`;

/** How many ports `planProcesses` takes from the wiring. */
export const portsNeeded = (cluster: Cluster, demo: boolean): number =>
  cluster.zones.length + 2 + (demo ? 1 : 0);

/** The processes in the order they are started. They are stopped the other way round. */
export function planProcesses(wiring: Wiring): ProcessPlan[] {
  const { settings, cluster } = wiring;
  const ports = [...wiring.ports];
  const nextPort = (): number => {
    const port = ports.shift();
    if (port === undefined) throw new Error('fewer ports than processes');
    return port;
  };
  const plans = cluster.zones.map((zone) => worker(wiring, { role: 'storage', zone }, nextPort()));
  plans.push(worker(wiring, { role: 'etl' }, nextPort()));
  plans.push(worker(wiring, { role: 'jobs' }, nextPort()));
  plans.push(api(wiring));
  if (settings.demo) plans.push(demo(wiring, nextPort()));
  if (settings.web) plans.push(web(wiring));
  return plans;
}

type WorkerRole = { role: 'etl' | 'jobs' } | { role: 'storage'; zone: string };

function worker(wiring: Wiring, what: WorkerRole, port: number): ProcessPlan {
  const name = what.role === 'storage' ? `storage-${what.zone}` : what.role;
  const zone: { zone?: string } = what.role === 'storage' ? { zone: what.zone } : {};
  return {
    name,
    role: what.role,
    ...zone,
    port,
    app: 'worker',
    ...ownProgram(wiring.mode, 'worker'),
    env: {
      ...commonEnvironment(wiring, name, port),
      ...secretEnvironment(wiring),
      ARBOR_ROLE: what.role,
      ...(what.role === 'storage'
        ? { ARBOR_ZONE: what.zone, ...objectEnvironment(wiring.settings) }
        : {}),
    },
  };
}

function api(wiring: Wiring): ProcessPlan {
  const { settings } = wiring;
  return {
    name: 'api',
    role: 'api',
    port: settings.apiPort,
    app: 'api',
    ...ownProgram(wiring.mode, 'api'),
    env: {
      ...commonEnvironment(wiring, 'api', settings.apiPort),
      ...secretEnvironment(wiring),
      ...(settings.bootstrap === undefined ? {} : { ARBOR_BOOTSTRAP: settings.bootstrap }),
    },
  };
}

/** It sends like any customer, so it gets no address of a database and no key. */
function demo(wiring: Wiring, port: number): ProcessPlan {
  return {
    name: 'demo',
    role: 'demo',
    port,
    app: 'demo',
    ...ownProgram(wiring.mode, 'demo'),
    env: commonEnvironment(wiring, 'demo', port),
  };
}

function web(wiring: Wiring): ProcessPlan {
  const { settings, mode } = wiring;
  const port = settings.webPort;
  const directory = repository.app('web');
  const env = {
    ...commonEnvironment(wiring, 'web', port),
    PORT: String(port),
    HOSTNAME: settings.host,
    NEXT_TELEMETRY_DISABLED: '1',
  };
  if (mode === 'build') {
    const server = path.join(directory, '.next/standalone/apps/web/server.js');
    const args = [server];
    return { name: 'web', role: 'web', port, command: process.execPath, args, directory, env };
  }
  // Through Node itself: the shell script in node_modules/.bin would be one more process to stop.
  const next = createRequire(path.join(directory, 'package.json')).resolve('next/dist/bin/next');
  const args = [next, 'dev', '-H', settings.host, '-p', String(port)];
  return { name: 'web', role: 'web', port, command: process.execPath, args, directory, env };
}

/** An app of ours: its bundle, or its source under the TypeScript loader in the same single process. */
function ownProgram(mode: Mode, app: string): Omit<Command, 'env'> {
  const directory = repository.app(app);
  const command = process.execPath;
  if (mode === 'build') {
    const args = ['--enable-source-maps', path.join(directory, 'dist/main.mjs')];
    return { command, args, directory };
  }
  const loader = createRequire(import.meta.url).resolve('tsx');
  const args = ['--import', pathToFileURL(loader).href, path.join(directory, 'src/main.ts')];
  return { command, args, directory };
}

/** Never inherited: each process is given exactly the addresses and keys that it needs. */
const withheld = new Set([
  'ARBOR_OBJECTS',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'ARBOR_BOOTSTRAP',
  'ARBOR_CLUSTER_KEY',
  'ARBOR_MASTER_KEY',
  'ARBOR_NAME',
  'ARBOR_PORT',
  'ARBOR_ROLE',
  'ARBOR_ZONE',
  'DATABASE_URL',
  'REDIS_URL',
  'NODE_ENV',
  'PORT',
]);

function commonEnvironment(wiring: Wiring, name: string, port: number): Record<string, string> {
  const { settings, cluster, folder, mode } = wiring;
  const inherited: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && !withheld.has(key)) inherited[key] = value;
  }
  return {
    ...inherited,
    NODE_ENV: mode === 'dev' ? 'development' : 'production',
    [stackMarker]: folder.root,
    ARBOR_NAME: name,
    ARBOR_HOST: settings.host,
    ARBOR_PORT: String(port),
    ARBOR_DATA_DIR: folder.root,
    ARBOR_ZONES: cluster.zones.join(),
    ARBOR_SHARDS: String(cluster.shards),
    ARBOR_API_URL: apiUrlOf(settings),
    ARBOR_WEB_URL: webUrlOf(settings),
    ARBOR_DEMO: settings.demo ? '1' : '0',
    ARBOR_DEV: mode === 'dev' ? '1' : '0',
    ARBOR_LOG: settings.logLevel,
    ARBOR_LOG_FILE: folder.logOf(name),
  };
}

function secretEnvironment(wiring: Wiring): Record<string, string> {
  return {
    DATABASE_URL: wiring.databaseUrl,
    REDIS_URL: wiring.redisUrl,
    ARBOR_MASTER_KEY: wiring.masterKey,
    ARBOR_CLUSTER_KEY: wiring.clusterKey,
  };
}

/** The object store and its keys, which the storage processes alone use. */
function objectEnvironment({ objects }: Settings): Record<string, string> {
  const given: Record<string, string> = objects === undefined ? {} : { ARBOR_OBJECTS: objects };
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    const value = process.env[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}

/** Names of apps whose production build is missing. */
export function missingBuilds(web: boolean): string[] {
  const outputs: [string, string][] = [
    ['api', 'dist/main.mjs'],
    ['worker', 'dist/main.mjs'],
    ['demo', 'dist/main.mjs'],
  ];
  if (web) outputs.push(['web', '.next/standalone/apps/web/server.js']);
  return outputs
    .filter(([app, output]) => !fs.existsSync(path.join(repository.app(app), output)))
    .map(([app]) => app);
}
