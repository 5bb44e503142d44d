import type { ImportedRows, ImportRows } from '@arbor/schema/imports';
import { isApiError, isConnectionError } from '#api/trpc.ts';

/** Queues that are full and servers that start again are over in some minutes. */
const triesMax = 60;
const waitMs = 2000;

/** Whether the same rows may be taken a moment later. */
export function isPassing(error: unknown): boolean {
  if (isConnectionError(error)) return true;
  const code = isApiError(error) ? error.data?.arbor.code : undefined;
  return code === 'OVERLOADED' || code === 'UNAVAILABLE' || code === 'RATE_LIMITED';
}

/** Offers the rows until they are taken, or it is clear that they will not be. */
export async function sendRows(
  send: (rows: ImportRows) => Promise<ImportedRows>,
  rows: ImportRows,
  signal: AbortSignal,
): Promise<ImportedRows> {
  for (let tries = 1; ; tries++) {
    try {
      return await send(rows);
    } catch (error) {
      if (!isPassing(error) || tries === triesMax) throw error;
    }
    await wait(signal);
    signal.throwIfAborted();
  }
}

function wait(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done);
  });
}
