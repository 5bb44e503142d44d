import type { Worker } from 'node:worker_threads';
import type { NewSegment } from '@arbor/engine/rewrite';
import { startThread } from '@arbor/engine/start-thread';
import { bulkLimits } from './bulk-limits.ts';
import type { ChunkToBuild, DayTask, FromBuilder, ToBuilder } from './build-messages.ts';

interface Waiting {
  readonly task: DayTask;
  readonly resolve: (segment: NewSegment) => void;
  readonly reject: (error: Error) => void;
}

/** The threads that build days. Days of a chunk go to whichever thread is free. */
export class Builder {
  readonly #threads: Worker[];
  readonly #free: Worker[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<number, Waiting & { readonly thread: Worker }>();
  #lastId = 0;

  constructor() {
    this.#threads = Array.from({ length: bulkLimits.buildThreads }, () => this.#start());
    this.#free = [...this.#threads];
  }

  /** Before its days; no day of an earlier chunk may be under way. */
  tellChunk(chunk: ChunkToBuild): void {
    const message: ToBuilder = { type: 'chunk', chunk };
    for (const thread of this.#threads) thread.postMessage(message);
  }

  /** Throws what building threw, and when the thread died. */
  buildDay(task: DayTask): Promise<NewSegment> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #next(): void {
    const thread = this.#free.at(-1);
    const waiting = this.#queue[0];
    if (thread === undefined || waiting === undefined) return;
    this.#free.pop();
    this.#queue.shift();
    const id = ++this.#lastId;
    this.#running.set(id, { ...waiting, thread });
    thread.postMessage({ type: 'day', id, task: waiting.task } satisfies ToBuilder);
  }

  #start(): Worker {
    const thread = startThread('build-thread', import.meta.url, {});
    thread.on('message', (message: FromBuilder) => {
      const waiting = this.#running.get(message.id);
      this.#running.delete(message.id);
      this.#free.push(thread);
      if ('error' in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.segment);
      this.#next();
    });
    thread.on('error', (error: unknown) => this.#failAll(error));
    return thread;
  }

  /** A thread died: the import cannot go on, and says why. */
  #failAll(cause: unknown): void {
    const error = new Error(`a thread of the import died: ${String(cause)}`, { cause });
    for (const { reject } of this.#running.values()) reject(error);
    for (const { reject } of this.#queue.splice(0)) reject(error);
    this.#running.clear();
  }
}
