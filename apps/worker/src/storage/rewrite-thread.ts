// The entry of the thread that encodes, compacts and merges files, so that the process keeps storing and
// answering meanwhile. It does one task after the other, in the order in which they come.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { readMoves } from '@arbor/engine/moves/read-moves';
import { compactDay, encodeDay, mergeFiles } from '@arbor/engine/rewrite';
import { countDay, usersOfSegments } from '@arbor/engine/rewrite/expired-users';
import { rewriteDay } from '@arbor/engine/rewrite/rewrite-day';
import { rewritePeople } from '@arbor/engine/rewrite/rewrite-people';
import { changeOf, forgetEvents, rewriteUsers } from '@arbor/engine/rewrite/rewrite-users';
import type { FromRewriter, RewriteResults, RewriteTask, ToRewriter } from './rewrite-messages.ts';

const port = parentPort;
if (port === null) throw new Error('rewrite-thread is the entry of a thread, not a program');

port.on('message', ({ id, task }: ToRewriter) => {
  try {
    const result = run(task);
    port.postMessage({ id, result } satisfies FromRewriter, bytesOf(result).flatMap(transferable));
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
      return mergeFiles({ ...task, files: read(task.paths) });
    case 'plan users':
      return changeOf(read(task.paths), task.task);
    case 'rewrite users':
      return rewriteUsers(read(task.paths), task.task, task.withRows);
    case 'rewrite people':
      return rewritePeople(read(task.paths), task.change, task.splits);
    case 'rewrite day':
      return rewriteDay(task.owner, task.segments, task);
    case 'count day':
      return countDay(task.owner, task.segments, task.users);
    case 'read moves':
      return readMoves(task.days);
    case 'forget events':
      return forgetEvents(
        read(task.paths),
        usersOfSegments(task.expired),
        usersOfSegments(task.left),
      );
  }
}

const read = (paths: readonly string[]): Uint8Array[] => paths.map((path) => readFileSync(path));

/** The bytes of the files that a result holds. */
function bytesOf(result: RewriteResults[RewriteTask['type']]): Uint8Array[] {
  if (result instanceof Uint8Array) return [result];
  if (result === null || typeof result === 'number') return [];
  if (Array.isArray(result)) return result.flat().map(({ bytes }) => bytes);
  if ('bytes' in result) return result.bytes === null ? [] : [result.bytes];
  if (!('segments' in result)) return [];
  return result.segments.flatMap((made) => (made === null || made === 'empty' ? [] : made.bytes));
}

/** Bytes that fill their memory move to the other thread; others (pieces of a pool) are copied. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
