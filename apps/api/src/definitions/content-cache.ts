/** What a text costs in memory beside its characters. */
const textBytes = 40;

interface Entry {
  readonly value: Promise<readonly string[] | null>;
  bytes: number;
  readonly loadedAt: number;
  /** How long the loading took. */
  tookMs: number;
}

/**
 * Lists of texts that were loaded, bounded by bytes; the one used longest ago goes first. One larger than the
 * bound is not kept. Callers that miss the same at one time share a load.
 */
export class ContentCache {
  readonly #bytesMax: number;
  readonly #clock: () => number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(bytesMax: number, clock: () => number) {
    this.#bytesMax = bytesMax;
    this.#clock = clock;
  }

  /** `freshFor`: how long a value is good, by how long its loading took; null is never kept. */
  get(
    key: string,
    load: () => Promise<readonly string[] | null>,
    freshFor: (tookMs: number) => number = () => Infinity,
  ): Promise<readonly string[] | null> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      if (this.#clock() < entry.loadedAt + freshFor(entry.tookMs)) {
        this.#entries.set(key, entry);
        return entry.value;
      }
      this.#bytes -= entry.bytes;
    }
    return this.#load(key, load);
  }

  #load(
    key: string,
    load: () => Promise<readonly string[] | null>,
  ): Promise<readonly string[] | null> {
    const loadedAt = this.#clock();
    const entry: Entry = { value: load(), bytes: 0, loadedAt, tookMs: 0 };
    this.#entries.set(key, entry);
    const settle = (texts: readonly string[] | null): void => {
      entry.tookMs = this.#clock() - loadedAt;
      if (this.#entries.get(key) !== entry) return;
      if (texts === null) {
        this.#entries.delete(key);
        return;
      }
      entry.bytes = texts.reduce((sum, text) => sum + text.length + textBytes, 0);
      this.#bytes += entry.bytes;
      this.#trim();
    };
    entry.value.then(settle, () => settle(null));
    return entry.value;
  }

  #trim(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#bytes -= bytes;
      this.#entries.delete(key);
    }
  }
}
