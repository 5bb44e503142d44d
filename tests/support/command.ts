import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Runs `pnpm conformance …`, and gives what it printed and how it ended. */
export function conformance(...args: string[]): Promise<{ stdout: string; code: number }> {
  const program = path.join(root, 'packages/conformance/src/main.ts');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', tsx, program, ...args], (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ stdout, code: Number(error?.code ?? 0) });
    });
  });
}

/** Runs `pnpm cli …` against the stack of a data folder, and gives what it printed; rejects if it fails. */
export async function cli(dataDir: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', tsx, path.join(root, 'packages/local-stack/src/bin/cli.ts'), ...args],
    { env: { ...process.env, ARBOR_DATA_DIR: dataDir }, maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout;
}
