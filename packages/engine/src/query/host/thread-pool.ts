import type { Worker } from 'node:worker_threads';
import { EngineError } from '../../base/errors.ts';
import { startThread } from './start-thread.ts';
import type { FromThread, ThreadSetup, ToThread } from './thread-messages.ts';

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly openFilesMax: number;
  /** Of the JavaScript heap of each thread; columns lie outside it. */
  readonly heapBytesMax: number;
  /** A thread took the place of one that died, and may be given work. */
  readonly onStart: () => void;
  readonly onMessage: (thread: PoolThread, message: FromThread) => void;
  /** The thread is gone; `isTooLarge`: its heap was full. The job it was at is `current`, 0 = none. */
  readonly onDeath: (thread: PoolThread, death: ThreadDeath) => void;
}

export interface ThreadDeath {
  readonly current: number;
  readonly isTooLarge: boolean;
  readonly error: EngineError;
}

/** One that dies before it said a word would die again: its successor waits. */
const restartMs = 1000;

/** One worker thread, as the host sees it. A thread that dies is replaced by a new `PoolThread`. */
export class PoolThread {
  readonly #worker: Worker;
  readonly current = new Int32Array(new SharedArrayBuffer(4));
  hasSpoken = false;

  constructor({ openFilesMax, heapBytesMax }: ThreadPoolOptions) {
    const workerData: ThreadSetup = { current: this.current, openFilesMax };
    this.#worker = startThread('scan-thread', import.meta.url, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytesMax / 2 ** 20) },
    });
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  listen(onMessage: (message: FromThread) => void, onDeath: (cause: Error) => void): void {
    let cause = new Error('the thread ended');
    this.#worker.on('message', (message: FromThread) => {
      this.hasSpoken = true;
      onMessage(message);
    });
    this.#worker.on('error', (error: unknown) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', () => onDeath(cause));
  }

  /** Whether the process stays for the thread: while it works, and not because it waits for work. */
  holdProcess(isHeld: boolean): void {
    if (isHeld) this.#worker.ref();
    else this.#worker.unref();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A fixed number of threads; whoever dies is replaced. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<PoolThread>();
  #isBusy = false;
  #isClosed = false;
  readonly #restarts = new Set<NodeJS.Timeout>();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.threads; i++) this.#start();
  }

  get threads(): ReadonlySet<PoolThread> {
    return this.#threads;
  }

  /** Says whether any query runs. */
  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    for (const thread of this.#threads) thread.holdProcess(isBusy);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  #start(): void {
    const { onMessage } = this.#options;
    const thread = new PoolThread(this.#options);
    thread.listen(
      (message) => onMessage(thread, message),
      (cause) => this.#replace(thread, cause),
    );
    thread.holdProcess(this.#isBusy);
    this.#threads.add(thread);
  }

  #replace(thread: PoolThread, cause: Error): void {
    this.#threads.delete(thread);
    if (this.#isClosed) return;
    const current = Atomics.load(thread.current, 0);
    const isTooLarge = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const error = new EngineError('SCAN_FAILED', `a scan thread died: ${cause.message}`, { cause });
    this.#options.onDeath(thread, { current, isTooLarge, error });
    if (thread.hasSpoken) this.#restart();
    else this.#restartLater();
  }

  #restart(): void {
    this.#start();
    this.#options.onStart();
  }

  #restartLater(): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#restart();
    }, restartMs);
    timer.unref();
    this.#restarts.add(timer);
  }
}
