import { assert } from '../base/assert.ts';
import { type UsersFile, encodeUsersFile } from '../format/users-file.ts';
import { ByteInterner, hashToken } from './byte-interner.ts';
import { scanSource } from './json-scan.ts';

/**
 * The users of a project in a shard while an import runs: those of the catalog's files, and behind them the ones
 * that the import brings. Ordinals are those that the catalog will have when the import's files follow the
 * last that was loaded.
 */
export class ShardUsers {
  /** Token o is the id of ordinal o + 1. */
  readonly #ids = new ByteInterner();
  /** Room for the bytes of the id that is looked up. */
  #id = scanSource(Buffer.alloc(1024));
  #savedCount = 0;
  /** Ordinals known by a profile or a link only. */
  readonly #withoutEvents = new Set<number>();
  /** Of them those that the import brings events of, since the last file. */
  readonly #withFirstEvents = new Set<number>();

  /** Ordinals 1 … count exist. */
  get count(): number {
    return this.#ids.count;
  }

  /** Takes in the next file of the catalog. */
  load(file: UsersFile): void {
    assert(
      file.first === this.count + 1,
      () => `users file from ordinal ${file.first} on does not follow ${this.count}`,
    );
    for (const { bytes, start, ends } of file.idBlocks()) {
      let at = start;
      const source = scanSource(bytes);
      for (const end of ends) {
        this.#ids.add(source, at, end, hashToken(bytes, at, end), 0);
        at = end;
      }
    }
    for (const ordinal of file.withoutEvents) this.#withoutEvents.add(ordinal);
    for (const ordinal of file.withFirstEvents) this.#withoutEvents.delete(ordinal);
    this.#savedCount = this.count;
  }

  /** The ordinal of a user who has an event, a new one at first sight. */
  ordinal(id: string): number {
    // No character takes more than three bytes for each of its units.
    if (this.#id.bytes.length < id.length * 3) this.#id = scanSource(Buffer.alloc(id.length * 3));
    const length = this.#id.bytes.write(id);
    const hash = hashToken(this.#id.bytes, 0, length);
    const known = this.#ids.find(this.#id, 0, length, hash, 0);
    if (known < 0) return this.#ids.add(this.#id, 0, length, hash, 0) + 1;
    if (this.#withoutEvents.delete(known + 1)) this.#withFirstEvents.add(known + 1);
    return known + 1;
  }

  /** A users file of what is new since the last one; null = nothing is. It counts as loaded. */
  takeFile(owner: { readonly project: number; readonly shard: number }): Uint8Array | null {
    const first = this.#savedCount + 1;
    if (this.count < first && this.#withFirstEvents.size === 0) return null;
    const ids = Array.from({ length: this.count - this.#savedCount }, (_, i) =>
      this.#ids.text(this.#savedCount + i),
    );
    const withFirstEvents = [...this.#withFirstEvents].sort((a, b) => a - b);
    this.#withFirstEvents.clear();
    this.#savedCount = this.count;
    return encodeUsersFile({ ...owner, first, ids, links: [], withoutEvents: [], withFirstEvents });
  }
}
