import { spawn } from 'node:child_process';
import { signalGroup } from '../process-table.ts';
import { repository } from '../repository.ts';

export type ToolRun = { readonly ok: boolean; readonly output: string };

const running = new Set<number>();

/** Runs a tool of the repository to its end, in a process group of its own, and keeps what it prints. */
export function runTool(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = spawn(repository.binary(name), args, {
      cwd: repository.root,
      env: { ...plainEnvironment(), ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let output = '';
    const keep = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => {
      if (pid !== undefined) running.delete(pid);
      resolve({ ok: code === 0, output });
    });
  });
}

/** What tools print is shown later and may go into a file: no colours, whatever the terminal can do. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _dropped, ...kept } = process.env;
  return { ...kept, NO_COLOR: '1' };
}

/** Asks every tool that still runs to end, with all it started. */
export function endTools(): void {
  for (const pid of running) signalGroup(pid, 'SIGTERM');
}
