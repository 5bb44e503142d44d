import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repository } from './repository.ts';
import { missingBuilds } from './stack-processes.ts';
import type { Terminal } from './terminal.ts';

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

/** Runs a tool to its end; what it prints is shown when it fails, and only then. */
async function runTool(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
  if (how === 'code 0') return;
  const name = [path.basename(command), ...args.slice(0, 2)].join(' ');
  throw new Error(`${name} failed (${how}):\n${output.trim()}`);
}
