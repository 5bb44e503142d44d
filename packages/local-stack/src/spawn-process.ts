import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { groupMembers, signalGroup } from './process-table.ts';
import { waitUntil } from './wait.ts';

/** A process under supervision, whatever it is. */
export type Running = {
  readonly pid: number;
  /** Resolves when it is gone, with how it ended: `code 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  /** Asks it to end. */
  terminate(): void;
  /** Ends it at once, with everything it started. */
  kill(): void;
};

export type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Marks every process of a stack, so that a later start can tell leftovers from strangers. */
export const stackMarker = 'ARBOR_STACK';

/**
 * Starts a command in a process group of its own: a Ctrl-C of the terminal does not reach it, so the
 * supervisor alone decides the order in which things end. When the leader is gone, whatever it had
 * started is ended too, before `exited` resolves: a restart must find its port free.
 */
export async function spawnProcess(
  { command, args, directory, env }: Command,
  onLine: (line: string, stream: 'stdout' | 'stderr') => void,
): Promise<Running> {
  const child = spawn(command, args, {
    cwd: directory,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  readline.createInterface({ input: child.stdout }).on('line', (line) => onLine(line, 'stdout'));
  readline.createInterface({ input: child.stderr }).on('line', (line) => onLine(line, 'stderr'));
  const { pid } = child;
  if (pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new Error(`cannot run ${command}: ${error.message}`, { cause: error });
  }
  const marker = { name: stackMarker, value: env[stackMarker] ?? '' };
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      void endGroup(pid, marker).then(() => resolve(signal ?? `code ${code}`));
    });
  });
  return {
    pid,
    exited,
    terminate: () => signalGroup(pid, 'SIGTERM'),
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
}

/** Ends what is left of a process group: politely for a moment, then for good. */
export async function endGroup(
  group: number,
  marker: { name: string; value: string },
  politeMs = 300,
): Promise<void> {
  const isEmpty = (): boolean => groupMembers(group, marker).length === 0;
  if (isEmpty()) return;
  signalGroup(group, 'SIGTERM');
  if (await waitUntil(isEmpty, { timeoutMs: politeMs })) return;
  signalGroup(group, 'SIGKILL');
  await waitUntil(isEmpty, { timeoutMs: 2000 });
}
