import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { signalGroup } from './process-table.ts';
import { repository } from './repository.ts';
import { missingBuilds } from './stack-processes.ts';
import type { Terminal } from './terminal.ts';
import { waitUntil } from './wait.ts';

/**
 * The database client is generated code; without it no TypeScript of ours runs. Done only when its
 * schema is newer, and without turbo, which wants a package manager on PATH.
 */
export async function generateSources(): Promise<void> {
  const database = path.join(repository.root, 'packages/db');
  const generated = modifiedMs(path.join(database, 'src/generated/client.ts'));
  const schema = modifiedMs(path.join(database, 'prisma/schema.prisma'));
  if (generated > schema) return;
  await runTool(path.join(database, 'node_modules/.bin/prisma'), ['generate'], database);
}

const modifiedMs = (file: string): number =>
  fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Brings the production build up to date. turbo knows from the contents of the sources what is due,
 * so this takes a second when nothing is.
 */
export async function buildApps(terminal: Terminal, { web }: { web: boolean }): Promise<void> {
  const missing = missingBuilds(web);
  if (missing.length > 0) {
    terminal.line(`building ${missing.join(', ')}: the first time this takes about a minute`);
  }
  const filter = web ? [] : ['--filter=!@arbor/web'];
  const args = ['run', 'build', '--output-logs=errors-only', ...filter];
  await runTool(repository.binary('turbo'), args, repository.root);
  const stillMissing = missingBuilds(web);
  if (stillMissing.length > 0) {
    throw new Error(`the build made nothing for ${stillMissing.join(', ')}`);
  }
}

/** Process groups of the tools that run now. */
const running = new Set<number>();
/** The build tool ends its own tasks when it is asked to; what it does not end in this time is killed. */
const politeMs = 5000;

/** Ends what prepares the stack, so that nobody builds on after a stop. Resolves when it is gone. */
export async function endPreparation(): Promise<void> {
  for (const group of running) signalGroup(group, 'SIGTERM');
  if (await waitUntil(() => running.size === 0, { timeoutMs: politeMs })) return;
  for (const group of running) signalGroup(group, 'SIGKILL');
  await waitUntil(() => running.size === 0, { timeoutMs: 1000 });
}

/**
 * Runs a tool to its end; what it prints is shown when it fails, and only then. It has a process group
 * of its own, so that `endPreparation` reaches what it started as well.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let output = '';
  const keep = (text: string): void => {
    output = (output + text).slice(-20_000);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  if (pid !== undefined) running.delete(pid);
  if (how === 'code 0') return;
  const name = [path.basename(command), ...args.slice(0, 2)].join(' ');
  throw new Error(`${name} failed (${how}):\n${output.trim()}`);
}
