/** What a text costs in memory beside its characters. */
const textBytes = 40;

interface Entry {
  readonly value: Promise<readonly string[] | null>;
  /** The value when it is there. */
  texts: readonly string[] | null;
  /** What may be given meanwhile, and until when; null = nothing. */
  readonly earlier: { readonly texts: readonly string[]; readonly untilMs: number } | null;
  bytes: number;
  readonly loadedAt: number;
  /** How long the loading took. */
  tookMs: number;
}

/**
 * Lists of texts that were loaded, bounded by bytes; the one used longest ago goes first. One larger than the
 * bound is not kept. Callers that miss the same at one time share a load. One that is loaded again and has the same texts is
 * the same array again: what is made of it is known by the array.
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

  /**
   * `freshFor`: how long a value is good, by how long its loading took; null is never kept. For as long again whoever
   * asks gets it at once, while it is loaded anew: nobody waits for a list that is asked about again and again.
   */
  get(
    key: string,
    load: () => Promise<readonly string[] | null>,
    freshFor: (tookMs: number) => number = () => Infinity,
  ): Promise<readonly string[] | null> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#load(key, load, null);
    const freshMs = freshFor(entry.tookMs);
    const ageMs = this.#clock() - entry.loadedAt;
    this.#entries.delete(key);
    if (entry.texts === null || ageMs < freshMs) {
      this.#entries.set(key, entry);
      return this.#soonest(entry);
    }
    this.#bytes -= entry.bytes;
    const untilMs = entry.loadedAt + 2 * freshMs;
    const loading = this.#load(key, load, { texts: entry.texts, untilMs });
    return this.#clock() < untilMs ? Promise.resolve(entry.texts) : loading;
  }

  #soonest({ earlier, texts, value }: Entry): Promise<readonly string[] | null> {
    const isGood = texts === null && earlier !== null && this.#clock() < earlier.untilMs;
    return isGood ? Promise.resolve(earlier.texts) : value;
  }

  #load(
    key: string,
    load: () => Promise<readonly string[] | null>,
    earlier: Entry['earlier'],
  ): Promise<readonly string[] | null> {
    const loadedAt = this.#clock();
    const value = load().then((texts) =>
      earlier && texts && areSame(earlier.texts, texts) ? earlier.texts : texts,
    );
    const entry: Entry = { value, texts: null, earlier, bytes: 0, loadedAt, tookMs: 0 };
    this.#entries.set(key, entry);
    const settle = (texts: readonly string[] | null): void => {
      entry.tookMs = this.#clock() - loadedAt;
      if (this.#entries.get(key) !== entry) return;
      if (texts === null) {
        this.#entries.delete(key);
        return;
      }
      entry.texts = texts;
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

function areSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, i) => text === right[i]);
}
