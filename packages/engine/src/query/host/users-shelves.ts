import type { KnownTexts } from '../users/search-users.ts';
import { FirstSeen } from './first-seen.ts';
import { KeptTotals } from './kept-totals.ts';

/** What lists of the users of one project in one shard, and questions about when they came, find again. */
export class UsersShelf {
  readonly totals = new KeptTotals();
  readonly firstSeen = new FirstSeen();
  readonly texts: KnownTexts = new Map();

  get bytes(): number {
    let bytes = this.totals.bytes + this.firstSeen.bytes;
    for (const { texts } of this.texts.values()) {
      bytes += texts.bytes.byteLength + texts.ends.byteLength;
    }
    return bytes;
  }
}

/** The shelves of all projects, bounded by bytes: the one used longest ago goes first, and the last one used stays. */
export class UsersShelves {
  readonly #bytesMax: number;
  readonly #shelves = new Map<string, UsersShelf>();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  of(key: string): UsersShelf {
    const shelf = this.#shelves.get(key) ?? new UsersShelf();
    // Anew at the end: the first is the one used longest ago.
    this.#shelves.delete(key);
    this.#shelves.set(key, shelf);
    return shelf;
  }

  /** To be called when what a list found was put onto its shelf. */
  trim(): void {
    let bytes = 0;
    for (const shelf of this.#shelves.values()) bytes += shelf.bytes;
    for (const [key, shelf] of this.#shelves) {
      if (bytes <= this.#bytesMax || this.#shelves.size === 1) return;
      this.#shelves.delete(key);
      bytes -= shelf.bytes;
    }
  }

  forget(key: string): void {
    this.#shelves.delete(key);
  }
}
