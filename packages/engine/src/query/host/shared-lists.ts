import { EngineError } from '../../base/errors.ts';
import { listName } from '../plan/plan-lists.ts';
import type { SharedThings } from './shared-things.ts';

interface Entry {
  readonly id: number;
  readonly bytes: number;
  users: number;
}

/** What threads make of the text of a list takes some three times as much, in each of them. */
const bytesMax = 128 * 1024 * 1024;

/**
 * Long lists of plans (`plan/plan-lists.ts`), in shared memory for all threads. Bounded by bytes: the one used
 * longest ago goes first, but none that a query needs.
 */
export class SharedLists {
  readonly #things: SharedThings;
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(things: SharedThings, most = bytesMax) {
    this.#things = things;
    this.#bytesMax = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Throws CORRUPT_LIST where the bytes are not those that the name stands for. */
  add(name: string, bytes: Uint8Array): void {
    if (this.#entries.has(name)) return;
    const actual = listName(bytes);
    if (actual !== name) {
      throw new EngineError('CORRUPT_LIST', `list ${name} has the content of list ${actual}`);
    }
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const id = this.#things.add({ type: 'list', bytes: shared });
    this.#entries.set(name, { id, bytes: bytes.length, users: 0 });
    this.#bytes += bytes.length;
    this.#trim(name);
  }

  /** Holds these until the lease ends. Throws LIST_MISSING with the names of all that are not here. */
  lease(names: ReadonlySet<string>): { end(): void } {
    const missing = [...names].filter((name) => !this.#entries.has(name));
    if (missing.length > 0) {
      throw new EngineError('LIST_MISSING', `send these lists first: ${missing.join(' ')}`);
    }
    const entries = [...names].map((name) => this.#used(name));
    for (const entry of entries) entry.users++;
    return {
      end: () => {
        for (const entry of entries.splice(0)) entry.users--;
        this.#trim(null);
      },
    };
  }

  /** As threads know it; to be called under a lease. */
  idOf(name: string): number {
    return this.#entry(name).id;
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new EngineError('LIST_MISSING', `send these lists first: ${name}`);
  }

  /** Goes to the end of the line of those that may be dropped. */
  #used(name: string): Entry {
    const entry = this.#entry(name);
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry;
  }

  /** `fresh`: the one that came just now, for a query that is about to be asked. */
  #trim(fresh: string | null): void {
    for (const [name, { id, bytes, users }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      if (users > 0 || name === fresh) continue;
      this.#entries.delete(name);
      this.#bytes -= bytes;
      this.#things.drop([id]);
    }
  }
}
