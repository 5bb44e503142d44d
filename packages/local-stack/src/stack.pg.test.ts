import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dataFolder } from './data-folder.ts';
import { findFreePorts, isPortFree } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { isAlive, signalProcess } from './process-table.ts';
import { startRedis } from './redis.ts';
import { repository } from './repository.ts';
import { readRunFile, writeRunFile, type RunFile } from './run-file.ts';
import type { Settings } from './settings.ts';
import { spawnProcess, stackMarker } from './spawn-process.ts';
import type { ProcessPlan, Wiring } from './stack-processes.ts';
import { Stack } from './stack.ts';
import { stopStack } from './stop-stack.ts';
import { Terminal } from './terminal.ts';
import { waitUntil } from './wait.ts';

/** Answers everything with 200, as a ready API would. */
const server = `require('http').createServer((q, r) => r.end('{}')).listen(process.env.ARBOR_PORT, '127.0.0.1')`;
const idle = `console.log('idle ' + process.env.ARBOR_NAME); setInterval(() => {}, 1000)`;
/** Ignores the polite request to end. */
const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;

let folder = '';
let apiPort = 0;
let printed: string[] = [];
let stack: Stack | null = null;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-stack-test-'));
  [apiPort = 0] = await findFreePorts(1);
  printed = [];
});
afterEach(async () => {
  await stack?.stop();
  stack = null;
  fs.rmSync(folder, { recursive: true, force: true });
});

function settings(): Settings {
  return {
    dataDirectory: folder,
    webPort: 1,
    apiPort,
    host: '127.0.0.1',
    web: false,
    demo: false,
    bootstrap: undefined,
    databaseUrl: undefined,
    redisUrl: undefined,
    zones: undefined,
    shards: undefined,
    masterKey: undefined,
    objects: undefined,
    logLevel: 'info',
  };
}

function fake(name: 'api' | 'etl' | 'storage', script: string, port: number) {
  return ({ folder: { root } }: Wiring): ProcessPlan => ({
    name,
    role: name,
    port,
    command: process.execPath,
    args: ['-e', script],
    directory: root,
    env: { [stackMarker]: root, ARBOR_NAME: name, ARBOR_PORT: String(port) },
  });
}

function create(scripts: { api?: string; etl?: string; storage?: string } = {}): Stack {
  const { api = server, etl = idle, storage = idle } = scripts;
  const plan = (wiring: Wiring): ProcessPlan[] => [
    fake('storage', storage, wiring.ports[0] ?? 0)(wiring),
    fake('etl', etl, wiring.ports[1] ?? 0)(wiring),
    fake('api', api, apiPort)(wiring),
  ];
  const terminal = new Terminal({ write: (text: string) => printed.push(text.trimEnd()) });
  stack = new Stack({
    settings: settings(),
    mode: 'source',
    terminal,
    onFailure: (text) => printed.push(text),
    plan,
  });
  return stack;
}

const run = (): RunFile => {
  const content = readRunFile(folder);
  if (content === null) throw new Error('there is no run.json');
  return content;
};
const pidOf = (name: string): number => run().processes.find((one) => one.name === name)?.pid ?? 0;

/** Runs again with another number than before. */
const isBack = (name: string, before: number) => (): boolean =>
  ![0, before].includes(pidOf(name)) && isAlive(pidOf(name));

it('starts both databases and all processes, says where they are, and ends all of them', async () => {
  await create().start();
  expect(printed).toContain(`Arbor is ready  api http://localhost:${apiPort}`);
  const { processes, postgres, redis, supervisor } = run();
  expect(supervisor).toBe(process.pid);
  expect(processes.map(({ name }) => name)).toEqual(['postgres', 'redis', 'storage', 'etl', 'api']);
  expect(fs.statSync(path.join(folder, 'run.json')).mode & 0o777).toBe(0o600);
  const started = Date.now();
  await stack?.stop();
  expect(Date.now() - started).toBeLessThan(5000);
  for (const { pid, name } of processes) expect(isAlive(pid), name).toBe(false);
  for (const port of [apiPort, postgres.port ?? 0, redis.port ?? 0]) {
    expect(await isPortFree(port)).toBe(true);
  }
  expect(readRunFile(folder)).toBeNull();
});

it('starts a killed process, a killed Redis and a killed PostgreSQL again on their ports', async () => {
  await create().start();
  const before = run();
  for (const name of ['etl', 'redis', 'postgres']) {
    const pid = pidOf(name);
    signalProcess(pid, 'SIGKILL');
    expect(await waitUntil(isBack(name, pid), { timeoutMs: 15_000 }), name).toBe(true);
  }
  expect(run().redis.port).toBe(before.redis.port);
  expect(run().postgres.url).toBe(before.postgres.url);
  expect(printed.join('\n')).toContain('ended (SIGKILL), starting it again in 100 ms');
});

it('ends what ignores the signal within ten seconds', async () => {
  await create({ etl: stubborn }).start();
  const pid = pidOf('etl');
  const started = Date.now();
  await stack?.stop();
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(isAlive(pid)).toBe(false);
});

it('says what a process printed that fails whenever it is started', async () => {
  const broken = `console.error('no such table: projects'); process.exit(3)`;
  const starting = create({ api: broken }).start();
  const failure = 'api does not start, so the stack cannot';
  expect(await waitUntil(() => printed.includes(failure), { timeoutMs: 20_000 })).toBe(true);
  expect(printed.join('\n')).toContain('api failed 5 times in a row. The last it printed:');
  expect(printed.join('\n')).toContain('    no such table: projects');
  await stack?.stop();
  await starting;
});

it('refuses a folder that another stack uses, and touches nothing there', async () => {
  const first = create();
  await first.start();
  const second = create();
  await expect(second.start()).rejects.toThrow(
    `the data folder ${folder} is in use by another stack (pid ${process.pid})`,
  );
  await second.stop();
  expect(isAlive(pidOf('etl'))).toBe(true);
  await first.stop();
});

it('ends what a killed supervisor left behind, and no stranger with a recycled number', async () => {
  const [postgresPort = 0, redisPort = 0] = await findFreePorts(2);
  const here = dataFolder(folder);
  const postgres = await startPostgres({
    directory: here.postgres,
    port: postgresPort,
    database: 'arbor',
    password: 'secret',
  });
  const redis = await startRedis({
    directory: here.redis,
    port: redisPort,
    cacheDirectory: repository.cache,
  });
  const command = { command: process.execPath, directory: folder };
  const env = { [stackMarker]: folder };
  const etl = await spawnProcess({ ...command, args: ['-e', stubborn], env }, () => {});
  const stranger = await spawnProcess({ ...command, args: ['-e', idle], env: {} }, () => {});
  const entry = (name: string, pid: number) => ({
    name,
    role: name,
    pid,
    startedAt: 0,
    restarts: 0,
  });
  writeRunFile(folder, {
    supervisor: 999_999_999,
    web: null,
    api: '',
    processes: [
      entry('postgres', postgres.pid),
      entry('redis', redis.pid),
      entry('etl', etl.pid),
      entry('api', stranger.pid),
    ],
    postgres: { url: postgres.url },
    redis: { url: redis.url },
    zones: ['a'],
    shards: 1,
    startedAt: 0,
  });

  expect(await stopStack(folder)).toBe(`ended what a killed stack left in ${folder}: etl`);
  await Promise.all([postgres.exited, redis.exited, etl.exited]);
  expect(isAlive(stranger.pid)).toBe(true);
  expect(await stopStack(folder)).toBe(`nothing runs on ${folder}`);
  stranger.kill();
  await stranger.exited;
}, 30_000);
