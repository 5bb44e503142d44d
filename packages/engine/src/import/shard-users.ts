import { assert } from '../base/assert.ts';
import { GrowableUint32 } from '../base/growable.ts';
import { type UsersFile, encodeUsersFile } from '../format/users-file.ts';
import { ByteInterner, hashToken, scanSource } from './byte-interner.ts';

/** Owners of ids: who was erased is not found under what is left of his, which is nothing. */
const living = 0;
const erased = 1;

interface Owner {
  readonly project: number;
  readonly shard: number;
}

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
  /** By ordinal, 1 = it has no event in the catalog: known by a profile or a link, or to an import alone. */
  readonly #withoutEvents = new GrowableUint32();

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
        const owner = end === at ? erased : living;
        this.#ids.add(source, at, end, hashToken(bytes, at, end), owner);
        at = end;
      }
    }
    this.#withoutEvents.extendTo(this.count + 1);
    for (const ordinal of file.withoutEvents) this.#withoutEvents.array[ordinal] = 1;
    for (const ordinal of file.withFirstEvents) this.#withoutEvents.array[ordinal] = 0;
    this.#savedCount = this.count;
  }

  /** The ordinal of a user, a new one at first sight; 0 = nobody. */
  ordinal(id: string): number {
    if (id === '') return 0;
    // No character takes more than three bytes for each of its units.
    if (this.#id.bytes.length < id.length * 3) this.#id = scanSource(Buffer.alloc(id.length * 3));
    const length = this.#id.bytes.write(id);
    const hash = hashToken(this.#id.bytes, 0, length);
    const known = this.#ids.find(this.#id, 0, length, hash, living);
    return (known < 0 ? this.#ids.add(this.#id, 0, length, hash, living) : known) + 1;
  }

  /** Whether the user was erased after the ordinal was given out: nothing may be stored under it any more. */
  isErased(ordinal: number): boolean {
    return ordinal !== 0 && this.#ids.byteCount(ordinal - 1) === 0;
  }

  /**
   * A users file of those that are new since the last one: it gives them their ordinals for good, and says that
   * they have no event yet. Null = nobody is new. It counts as loaded.
   */
  takeNewUsers(owner: Owner): Uint8Array | null {
    const first = this.#savedCount + 1;
    if (this.count < first) return null;
    const withoutEvents = Array.from(
      { length: this.count - this.#savedCount },
      (_, i) => first + i,
    );
    const ids = withoutEvents.map((ordinal) => this.#ids.text(ordinal - 1));
    this.#withoutEvents.extendTo(this.count + 1);
    this.#withoutEvents.array.fill(1, first, this.count + 1);
    this.#savedCount = this.count;
    return encodeUsersFile({ ...owner, first, ids, links: [], withoutEvents, withFirstEvents: [] });
  }

  /**
   * A users file that says which of these ordinals of the catalog have their first events with it; null = all had
   * some. It counts as loaded. Ordinal 0 is nobody, and may be among them, as may one twice.
   */
  takeFirstEvents(owner: Owner, ordinals: Uint32Array): Uint8Array | null {
    assert(this.count === this.#savedCount, () => 'new users must be taken first');
    const flags = this.#withoutEvents.array;
    const withFirstEvents: number[] = [];
    for (const ordinal of ordinals) {
      if (ordinal === 0 || flags[ordinal] === 0) continue;
      flags[ordinal] = 0;
      withFirstEvents.push(ordinal);
    }
    if (withFirstEvents.length === 0) return null;
    withFirstEvents.sort((a, b) => a - b);
    const first = this.#savedCount + 1;
    return encodeUsersFile({
      ...owner,
      first,
      ids: [],
      links: [],
      withoutEvents: [],
      withFirstEvents,
    });
  }
}
