import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `run` again and again, with a pause after each, until the signal is aborted; resolves when the last
 * run is over. A run that fails is reported, and does not end it.
 */
export async function repeatUntilStopped(options: {
  everyMs: number;
  signal: AbortSignal;
  run: () => Promise<void>;
  onError: (error: Error) => void;
}): Promise<void> {
  const { everyMs, signal, run, onError } = options;
  while (!signal.aborted) {
    try {
      await run();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
    // An abort cuts the pause short.
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
