import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findFreePorts } from '../ports.ts';
import { signalProcess } from '../process-table.ts';
import { repository } from '../repository.ts';
import { readRunFile, type RunFile } from '../run-file.ts';
import { stopStack } from '../stop-stack.ts';
import { isBuildFresh } from './build-freshness.ts';

/** A whole stack of its own, as an operator would start it: real processes, real databases. */
export type TestStack = {
  readonly apiUrl: string;
  /** Meaningful only when started with `web`. */
  readonly webUrl: string;
  readonly dataDir: string;
  /** What runs right now. */
  run(): RunFile;
  /** Sends a signal to one process (`etl`, `storage-a`, `redis`, `postgres`, …); throws if it does not run. */
  kill(name: string, signal: NodeJS.Signals): void;
  /** What the stack has printed so far. */
  output(): string;
  /** Ends it, and removes its folder unless the next stack is to find it. */
  stop(options?: { keepData?: boolean }): Promise<void>;
};

export type TestStackOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly web?: boolean;
  readonly demo?: boolean;
  /** The text of ARBOR_BOOTSTRAP. */
  readonly bootstrap?: string;
  /** A folder that an earlier stack kept; without it the stack gets a new one. */
  readonly dataDir?: string;
  /** `auto` takes the production build when it is newer than every source, else the sources. */
  readonly programs?: 'auto' | 'build' | 'source';
  readonly readyMsMax?: number;
  /** Ends the stack, also while it is starting. */
  readonly signal?: AbortSignal;
};

/** Variables of the caller that would make the stack another one than the test asked for. */
const ownVariable = /^(ARBOR_|DATABASE_URL$|REDIS_URL$|VITEST|NODE_ENV$|NODE_OPTIONS$)/;

/** Starts a stack on free ports in a temporary folder, and resolves when it is ready. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  options.signal?.throwIfAborted();
  const { web = false, demo = false, programs = 'auto', readyMsMax = 150_000 } = options;
  const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-stack-'));
  const [apiPort = 0, webPort = 0] = await findFreePorts(2);
  const fromBuild = programs === 'build' || (programs === 'auto' && isBuildFresh({ web, demo }));
  const child = spawn(
    process.execPath,
    [
      ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
      [path.join(repository.root, 'packages/local-stack/src/bin/start.ts')],
      [fromBuild ? '--no-build' : '--from-source'],
    ].flat(),
    {
      cwd: repository.root,
      env: {
        ...inherited(),
        ARBOR_DATA_DIR: dataDir,
        ARBOR_API_PORT: String(apiPort),
        ARBOR_WEB_PORT: String(webPort),
        ARBOR_WEB: web ? '1' : '0',
        ARBOR_DEMO: demo ? '1' : '0',
        ...(options.bootstrap === undefined ? {} : { ARBOR_BOOTSTRAP: options.bootstrap }),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const onAbort = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', onAbort);
  let output = '';
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isGone = true;
      options.signal?.removeEventListener('abort', onAbort);
      resolve();
    });
  });
  const isReady = new Promise<boolean>((resolve) => {
    const listen = (text: string): void => {
      output += text;
      if (output.includes('Arbor is ready')) resolve(true);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    void gone.then(() => resolve(false));
    setTimeout(() => resolve(false), readyMsMax).unref();
  });

  const stop = async ({ keepData = false } = {}): Promise<void> => {
    if (!isGone) child.kill('SIGTERM');
    await gone;
    // Normally finds nothing: it is here for a supervisor that a test has killed.
    if (fs.existsSync(dataDir)) await stopStack(dataDir);
    if (!keepData) fs.rmSync(dataDir, { recursive: true, force: true });
  };
  if (!(await isReady)) {
    const keepData = options.dataDir !== undefined;
    await stop({ keepData });
    throw new Error(`the stack did not become ready. It printed:\n${output.slice(-8000)}`);
  }

  const run = (): RunFile => {
    const content = readRunFile(dataDir);
    if (content === null)
      throw new Error(`there is no run.json in ${dataDir}; it printed:\n${output.slice(-4000)}`);
    return content;
  };
  return {
    apiUrl: `http://localhost:${apiPort}`,
    webUrl: `http://localhost:${webPort}`,
    dataDir,
    run,
    kill: (name, signal) => {
      const { processes } = run();
      const found = processes.find((one) => one.name === name);
      if (found === undefined) {
        const names = processes.map((one) => one.name).join(', ');
        throw new Error(`no process "${name}" runs right now; there are ${names}`);
      }
      signalProcess(found.pid, signal);
    },
    output: () => output,
    stop,
  };
}

function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !ownVariable.test(name)) kept[name] = value;
  }
  return kept;
}
