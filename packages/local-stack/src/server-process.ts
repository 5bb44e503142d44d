/** A database server that runs and answers, whoever supervises it. */
export type ServerProcess = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone, with a sentence about how it went. */
  readonly exited: Promise<string>;
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
