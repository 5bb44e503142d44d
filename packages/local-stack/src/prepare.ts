import { spawn } from 'node:child_process';
import { repository } from './repository.ts';
import { missingBuilds } from './stack-processes.ts';
import type { Terminal } from './terminal.ts';

/** The database client is generated code; without it no TypeScript of ours compiles. */
export async function generateSources(): Promise<void> {
  await turbo(['run', 'generate', '--output-logs=errors-only']);
}

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
  await turbo(['run', 'build', '--output-logs=errors-only', ...filter]);
  const stillMissing = missingBuilds(web);
  if (stillMissing.length > 0) {
    throw new Error(`the build made nothing for ${stillMissing.join(', ')}`);
  }
}

/** Runs turbo; what it prints is shown when it fails, and only then. */
async function turbo(args: readonly string[]): Promise<void> {
  const child = spawn(repository.binary('turbo'), args, {
    cwd: repository.root,
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  if (how !== 'code 0') {
    throw new Error(`turbo ${args.slice(0, 2).join(' ')} failed (${how}):\n${output.trim()}`);
  }
}
