interface Entry<Value> {
  readonly value: Value;
  readonly freshUntil: number;
  readonly usableUntil: number;
}

export interface TtlCacheOptions {
  readonly clock: () => number;
  /** For so long a value is answered without asking again. */
  readonly freshMs: number;
  /** For so long a value is still answered when asking again fails. */
  readonly staleMs: number;
  /** The oldest entry goes when there are more. */
  readonly entriesMax: number;
}

/**
 * Values that are looked up far more often than they change. Callers that miss the same key at the
 * same time share one load. A load that fails answers the last known value while that is not too old:
 * a database that is away for a moment must not stop ingestion.
 */
export class TtlCache<Value> {
  readonly #options: TtlCacheOptions;
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loading = new Map<string, Promise<Value>>();

  constructor(options: TtlCacheOptions) {
    this.#options = options;
  }

  /** At once, without a promise, when the value is fresh: this is on the path of every event. */
  get(key: string, load: () => Promise<Value>): Value | Promise<Value> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#options.clock() < entry.freshUntil) return entry.value;
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#load(key, load).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #load(key: string, load: () => Promise<Value>): Promise<Value> {
    const { clock, freshMs, staleMs, entriesMax } = this.#options;
    try {
      const value = await load();
      const now = clock();
      this.#entries.delete(key);
      this.#entries.set(key, { value, freshUntil: now + freshMs, usableUntil: now + staleMs });
      const oldest = this.#entries.keys().next();
      if (this.#entries.size > entriesMax && oldest.done !== true)
        this.#entries.delete(oldest.value);
      return value;
    } catch (error) {
      const known = this.#entries.get(key);
      if (known !== undefined && clock() < known.usableUntil) return known.value;
      throw error;
    }
  }
}
