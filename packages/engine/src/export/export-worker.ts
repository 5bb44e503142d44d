import { EngineError } from '../base/errors.ts';
import { startThread } from '../query/host/start-thread.ts';
import type { ExportSetup, FromExporter, ToExporter } from './export-messages.ts';

/** Who makes the lines of one export: one question at a time. */
export interface ExportWorker {
  send(message: ToExporter): void;
  /** The answer to what was sent. Rejects when there can be none any more. */
  answer(): Promise<FromExporter>;
  end(): Promise<void>;
}

/** Of the thread: what is decoded lies outside, dictionaries and texts within. */
const heapBytesMax = 2 ** 30;

/** Throws the reason of the signal where that is aborted; when it is later, answers reject with it. */
export function startExportThread(setup: ExportSetup, signal: AbortSignal): ExportWorker {
  return new ExportThread(setup, signal);
}

interface Waiting {
  readonly resolve: (answer: FromExporter) => void;
  readonly reject: (error: unknown) => void;
}

class ExportThread implements ExportWorker {
  readonly #worker;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#fail(this.#signal.reason);
  #waiting: Waiting | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(setup: ExportSetup, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#signal = signal;
    this.#worker = startThread('export-thread', import.meta.url, {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: heapBytesMax / 2 ** 20 },
    });
    this.#worker.on('message', (message: FromExporter) => {
      this.#waiting?.resolve(message);
      this.#waiting = null;
    });
    this.#worker.on('error', (cause: unknown) => {
      const text = cause instanceof Error ? cause.message : String(cause);
      this.#fail(
        new EngineError('SCAN_FAILED', `the thread of an export died: ${text}`, { cause }),
      );
    });
    this.#worker.on('exit', () =>
      this.#fail(new EngineError('SCAN_FAILED', 'the thread of an export ended')),
    );
    signal.addEventListener('abort', this.#onAbort);
  }

  send(message: ToExporter): void {
    this.#worker.postMessage(message);
  }

  answer(): Promise<FromExporter> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error as Error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
