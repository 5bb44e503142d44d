/** Queries that want more than this share of the memory queue apart, so that small ones need not wait for them. */
const bigShare = 1 / 4;

/**
 * Lets queries in while the columns they read fit into memory together, in the order in which they came.
 * One that wants more than there is goes alone.
 */
export class MemoryGate {
  readonly #small: Lane;
  readonly #big: Lane;

  constructor(bytes: number) {
    this.#small = new Lane(bytes * bigShare);
    this.#big = new Lane(bytes * (1 - bigShare));
  }

  /** The most that one chunk of a query should want. */
  get bytesMax(): number {
    return this.#big.bytes;
  }

  /** Resolves when there is room; what it resolves to must be called when the memory is not read any more. */
  enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    return (bytes > this.#small.bytes ? this.#big : this.#small).enter(bytes, signal);
  }
}

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

class Lane {
  readonly bytes: number;
  readonly #waiting: Waiting[] = [];
  #inside = 0;
  #usedBytes = 0;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#inside--;
        this.#usedBytes -= bytes;
        this.#admit();
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#admit();
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        bytes,
        admit: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(leave);
        },
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort);
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      if (this.#inside > 0 && this.#usedBytes + first.bytes > this.bytes) return;
      this.#waiting.shift();
      this.#inside++;
      this.#usedBytes += first.bytes;
      first.admit();
    }
  }
}
