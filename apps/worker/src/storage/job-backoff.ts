/** Since when, and how often in a row, something failed. */
interface Failure {
  readonly until: number;
  readonly waitMs: number;
}

/** Remembers what failed, by name, and when it may be tried again: each time after twice as long. */
export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #failures = new Map<string, Failure>();

  constructor(firstMs: number, longestMs: number) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
  }

  mayTry(name: string, now: number): boolean {
    return now >= (this.#failures.get(name)?.until ?? -Infinity);
  }

  failed(name: string, now: number): void {
    const before = this.#failures.get(name);
    const waitMs = before ? Math.min(before.waitMs * 2, this.#longestMs) : this.#firstMs;
    this.#failures.set(name, { until: now + waitMs, waitMs });
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }
}
