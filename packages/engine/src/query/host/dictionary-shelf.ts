import type { SharedThings } from './shared-things.ts';
import type { DictionarySource } from './thread-messages.ts';

/** Distinct values of a column, which threads decode for themselves when they need them. */
export interface Dictionary {
  /** As threads know it. */
  readonly id: number;
  readonly key: string | null;
  readonly bytes: number;
  /** Columns that are coded by it. */
  uses: number;
}

/**
 * The dictionaries of all columns in the cache. Those of a part serve every event of the part, and are
 * found by a key; those that a merge made belong to one column.
 */
export class DictionaryShelf {
  readonly #things: SharedThings;
  readonly #bytesMax: number;
  readonly #byKey = new Map<string, Dictionary>();
  #bytes = 0;

  /** `bytesMax`: of what they are decoded to in a thread, roughly. */
  constructor(things: SharedThings, bytesMax: number) {
    this.#things = things;
    this.#bytesMax = bytesMax;
  }

  /** Columns should go until this is false. */
  get isOverfull(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The dictionary with the key, made of the source if there is none. To be released once a use. */
  use(key: string | null, bytes: number, source: () => DictionarySource): Dictionary {
    const known = key === null ? undefined : this.#byKey.get(key);
    if (known !== undefined) {
      known.uses++;
      return known;
    }
    const id = this.#things.add({ type: 'dictionary', source: source() });
    const made: Dictionary = { id, key, bytes, uses: 1 };
    if (key !== null) this.#byKey.set(key, made);
    this.#bytes += bytes;
    return made;
  }

  release(dictionary: Dictionary): void {
    if (--dictionary.uses > 0) return;
    if (dictionary.key !== null) this.#byKey.delete(dictionary.key);
    this.#bytes -= dictionary.bytes;
    this.#things.drop([dictionary.id]);
  }
}
