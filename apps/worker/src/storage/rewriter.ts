import type { Worker } from 'node:worker_threads';
import { startThread } from '@arbor/engine/start-thread';
import type { FromRewriter, RewriteResults, RewriteTask, ToRewriter } from './rewrite-messages.ts';

/** A file could not be written anew; nothing was changed. */
export class RewriteError extends Error {
  override readonly name = 'RewriteError';
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread that rewrites files, started with the first task. One that dies fails the tasks it had, and
 * the next task starts another.
 */
export class Rewriter {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  /** Throws `RewriteError` with what the task said, or when the thread died. */
  run<Task extends RewriteTask>(task: Task): Promise<RewriteResults[Task['type']]> {
    if (this.#isClosed) return Promise.reject(new RewriteError('the rewriter is closed'));
    const id = ++this.#lastId;
    const worker = (this.#worker ??= this.#start());
    return new Promise<RewriteResults[Task['type']]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies ToRewriter);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread('rewrite-thread', import.meta.url, {});
    let cause = 'it ended';
    worker.on('message', (message: FromRewriter) => this.#answer(message));
    worker.on('error', (error: unknown) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
      const error = new RewriteError(`the thread that rewrites files died: ${cause}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    return worker;
  }

  #answer(message: FromRewriter): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) {
      const { name, message: text } = message.error;
      waiting?.reject(new RewriteError(`${name}: ${text}`));
    } else {
      // The thread answers a task of each type with the result of that type.
      waiting?.resolve(message.result as never);
    }
  }
}
