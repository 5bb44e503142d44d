import { once } from 'node:events';
import type http from 'node:http';

/** The caller reads slower than the answer is made: wait, or stop waiting when it left. */
export async function drained(response: http.ServerResponse): Promise<void> {
  const leave = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: leave.signal }),
    once(response, 'close', { signal: leave.signal }),
  ]).finally(() => leave.abort());
}
