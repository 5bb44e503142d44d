import type { Logger } from '@arbor/runtime/logger';
import type { Redis } from 'ioredis';
import type { LivePosition } from './ports.ts';
import { isAfter } from './stream-id.ts';
import { lastId, waitAfter } from './stream-reader.ts';

/** New entries kept for viewers; one that falls further behind reads the stream itself. */
const entriesMax = 2000;
const blockMs = 5000;
const readMax = 500;
/** Pause after Redis failed, before it is asked again. */
const retryMs = 250;

/**
 * Reads one project's stream for all its viewers over one connection. Viewers hold a place in the
 * stream and ask for what lies behind it, so a slow one costs no memory.
 */
export class ProjectFeed {
  readonly #project: number;
  readonly #connection: Redis;
  readonly #logger: Logger;
  readonly #waiting = new Set<() => void>();
  #recent: LivePosition[] = [];
  /** Everything behind this place is in `#recent`. Null until the first answer of Redis. */
  #keptAfter: string | null = null;
  #stopped = false;

  constructor(project: number, connection: Redis, logger: Logger) {
    this.#project = project;
    this.#connection = connection;
    this.#logger = logger;
  }

  /** Reads until `stop`; every failure of Redis is survived. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (this.#keptAfter === null) {
          this.#keptAfter = await lastId(this.#connection, this.#project);
          // A viewer may have read the stream just before an entry that this already counts as old.
          this.#wake();
        }
        const after = this.#recent.at(-1)?.streamId ?? this.#keptAfter;
        const entries = await waitAfter(this.#connection, this.#project, after, {
          max: readMax,
          blockMs,
        });
        if (entries.length > 0) this.#keep(entries);
      } catch (error) {
        if (this.#stopped) return;
        this.#logger.info({ project: this.#project, reason: String(error) }, 'live: redis is away');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#connection.disconnect();
    this.#wake();
  }

  /** What is known behind `after`; null when the feed no longer, or not yet, reaches back that far. */
  after(after: string): readonly LivePosition[] | null {
    if (this.#keptAfter === null || isAfter(this.#keptAfter, after)) return null;
    const first = this.#recent.findIndex(({ streamId }) => isAfter(streamId, after));
    return first === -1 ? [] : this.#recent.slice(first);
  }

  /** Resolves when there may be something new, or `signal` aborts. */
  changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #keep(entries: readonly LivePosition[]): void {
    this.#recent.push(...entries);
    const over = this.#recent.length - entriesMax;
    if (over > 0) {
      const dropped = this.#recent.splice(0, over);
      this.#keptAfter = dropped.at(-1)?.streamId ?? this.#keptAfter;
    }
    this.#wake();
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}
