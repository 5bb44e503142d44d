import type { Running } from './spawn-process.ts';

/** A database server that runs and answers, whoever supervises it. */
export type ServerProcess = Running & {
  readonly url: string;
  readonly port: number;
  /** Ends it so that nothing it acknowledged is lost, and waits for it. */
  stop(): Promise<void>;
};

/** A server that cannot be started; the text says why and what to do. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
}

/** The last lines of what a process printed: enough to see why it failed. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
