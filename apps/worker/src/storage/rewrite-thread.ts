// The entry of the thread that encodes, compacts and merges files, so that the process keeps storing and
// answering meanwhile. It does one task after the other, in the order in which they come.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { compactDay, encodeDay, mergeFiles } from '@arbor/engine/rewrite';
import type { FromRewriter, RewriteResults, RewriteTask, ToRewriter } from './rewrite-messages.ts';

const port = parentPort;
if (port === null) throw new Error('rewrite-thread is the entry of a thread, not a program');

port.on('message', ({ id, task }: ToRewriter) => {
  try {
    const result = run(task);
    const bytes = result instanceof Uint8Array ? result : result.bytes;
    port.postMessage({ id, result } satisfies FromRewriter, transferable(bytes));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ id, error: { name, message } } satisfies FromRewriter);
  }
});

function run(task: RewriteTask): RewriteResults[RewriteTask['type']] {
  switch (task.type) {
    case 'encode':
      return encodeDay(task.owner, task.rows, task.hides);
    case 'compact':
      return compactDay(task.owner, task.segments, task.users);
    case 'merge':
      return mergeFiles({ ...task, files: task.paths.map((path) => readFileSync(path)) });
  }
}

/** Bytes that fill their memory move to the other thread; others (pieces of a pool) are copied. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
