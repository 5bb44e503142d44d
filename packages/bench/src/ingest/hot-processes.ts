import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunProcess } from '@arbor/local-stack/run-file';
import type { TestStack } from '@arbor/local-stack/testing/test-stack';
import { hottest, type CpuProfile } from '../profile/hottest.ts';

const hook = pathToFileURL(path.join(import.meta.dirname, '../profile/profile-hook.mjs')).href;
const functionsShown = 15;
const switchMsMax = 60_000;

/** What makes the processes of a stack able to profile themselves; empties the folder for their profiles. */
export function profilingEnvironment(directory: string): Record<string, string> {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  return { NODE_OPTIONS: `--import ${hook}`, ARBOR_PROFILE_DIR: path.resolve(directory) };
}

/** Those that Node runs. */
const ownProcesses = (processes: readonly RunProcess[]): RunProcess[] =>
  processes.filter(({ name }) => name !== 'postgres' && name !== 'redis');

/** Begins or ends the profiles of all processes, and resolves when it is done. */
export async function switchProfiles(
  stack: TestStack,
  directory: string,
  on: boolean,
): Promise<void> {
  const processes = ownProcesses(stack.run().processes);
  for (const { name } of processes) stack.kill(name, 'SIGUSR2');
  const isRunning = ({ pid }: RunProcess): boolean =>
    fs.existsSync(path.join(directory, `${pid}.running`));
  const end = Date.now() + switchMsMax;
  while (!processes.every((one) => isRunning(one) === on)) {
    if (Date.now() > end) throw new Error('a process does not answer SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Where the threads of each process spent their time, the functions that cost most first. */
export function sayHottest(
  directory: string,
  processes: readonly RunProcess[],
  say: (text: string) => void,
): void {
  for (const file of fs.readdirSync(directory).filter((one) => one.endsWith('.cpuprofile'))) {
    const [pid, thread] = file.split('.');
    const name = processes.find((one) => one.pid === Number(pid))?.name ?? pid;
    const text = fs.readFileSync(path.join(directory, file), 'utf8');
    const functions = hottest(JSON.parse(text) as CpuProfile, functionsShown);
    if (functions.length === 0) continue; // a thread that only waited
    const lines = functions.map(
      ({ ms, share, place }) =>
        `${ms.toFixed(0).padStart(8)} ms ${(share * 100).toFixed(1).padStart(5)} %  ${place}`,
    );
    say([`${name}, ${thread}:`, ...lines].join('\n'));
  }
}
