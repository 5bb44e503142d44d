import { EngineError } from '../../base/errors.ts';
import { GrowableUint32 } from '../../base/growable.ts';
import { hashBytes, mixHash } from '../../base/hash.ts';
import type { Slices } from '../../base/slices.ts';
import type { OrdinalLink, UsersFile } from '../../format/users-file.ts';
import { SharedIds } from './shared-ids.ts';

/** Some milliseconds of work. */
const idsASlice = 16_384;

/**
 * The users of one project that the catalog knows, out of its users files: append-only like those. Grows
 * while an older version is still read, so a reader says up to which ordinal it reads.
 *
 * Memory a user: its id, 4 bytes of end, 6–12 bytes of hash table.
 */
export class UserBase {
  #ids = new SharedIds();
  #count = 0;
  /** Ordinal by hash of the id, open addressing; 0 = free. A power of two long, at most 3/4 full. */
  #slots = new Uint32Array(64);
  /** By file: a version of the catalog has those of its own files, so a merged file adds nothing. */
  readonly #links = new Map<string, readonly OrdinalLink[]>();
  /** One bit an ordinal: it has no event. */
  readonly #withoutEvents = new GrowableUint32();
  /** Of the dictionary (format/users-file.ts): files of another one need another base. */
  readonly edition: number;

  constructor(edition = 0) {
    this.edition = edition;
  }

  /** The greatest ordinal. */
  get count(): number {
    return this.#count;
  }

  get ids(): SharedIds {
    return this.#ids;
  }

  /** The links that these files say, in their order. What other files said is forgotten. */
  linksOf(fileIds: readonly string[]): OrdinalLink[] {
    const named = new Set(fileIds);
    for (const id of this.#links.keys()) if (!named.has(id)) this.#links.set(id, []);
    return fileIds.flatMap((id) => this.#links.get(id) ?? []);
  }

  hasEvents(ordinal: number): boolean {
    return (this.#withoutEvents.array[ordinal >>> 5] & (1 << (ordinal & 31))) === 0;
  }

  knowsFile(id: string): boolean {
    return this.#links.has(id);
  }

  /** The ordinal of the id source[start, end), at most `limit`; 0 = none. */
  find(source: Uint8Array, start: number, end: number, limit: number): number {
    const ordinal = this.#slots[this.#slotOf(source, start, end)];
    return ordinal <= limit ? ordinal : 0;
  }

  /**
   * Takes a file in. One that overlaps with what is known (pieces that were merged) must say the same:
   * else, or where it leaves a gap, throws `CATALOG_UNREADABLE`. `file.edition` is at most that of the base.
   */
  async take(id: string, file: UsersFile, slices: Slices): Promise<void> {
    if (file.first > this.#count + 1) throw unreadable(id, file, this.#count);
    await this.#reserve(file, slices);
    const known = this.#count;
    let ordinal = file.first;
    for (const { bytes, start, ends } of file.idBlocks()) {
      let at = start;
      for (let i = 0; i < ends.length; i++) {
        this.#takeId(id, file, { ordinal, bytes, start: at, end: ends[i] });
        at = ends[i];
        ordinal++;
      }
      await slices.pause();
    }
    this.#withoutEvents.extendTo((this.#count >>> 5) + 1);
    const flags = this.#withoutEvents.array;
    // Of its own users a file says all: in merged pieces a first event is no longer told apart.
    for (let user = file.first; user <= known && user < file.first + file.count; user++) {
      flags[user >>> 5] &= ~(1 << (user & 31));
    }
    for (const user of file.withoutEvents) flags[user >>> 5] |= 1 << (user & 31);
    for (const user of file.withFirstEvents) flags[user >>> 5] &= ~(1 << (user & 31));
    this.#links.set(id, file.links);
  }

  #takeId(
    id: string,
    file: UsersFile,
    {
      ordinal,
      bytes,
      start,
      end,
    }: { ordinal: number; bytes: Uint8Array; start: number; end: number },
  ): void {
    if (ordinal <= this.#count) {
      if (!this.#ids.isEqual(ordinal, bytes, start, end)) throw unreadable(id, file, this.#count);
      return;
    }
    if (start === end) {
      // Who was erased has no id, as others have: he is not found.
      this.#ids = this.#ids.with(ordinal, bytes, start, end);
      this.#count = ordinal;
      return;
    }
    const slot = this.#slotOf(bytes, start, end);
    if (this.#slots[slot] !== 0) throw unreadable(id, file, this.#count);
    this.#ids = this.#ids.with(ordinal, bytes, start, end);
    this.#slots[slot] = ordinal;
    this.#count = ordinal;
  }

  /** The slot that holds the id, or the free one where it belongs. */
  #slotOf(source: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = mixHash(hashBytes(source, start, end)) & mask;
    while (slots[slot] !== 0 && !this.#ids.isEqual(slots[slot], source, start, end)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Room for all of the file at once. Nobody adds meanwhile, and whoever looks up finds what was there before. */
  async #reserve(file: UsersFile, slices: Slices): Promise<void> {
    const more = Math.max(0, file.first + file.count - 1 - this.#count);
    if (more > 0) this.#ids = this.#ids.reserved(this.#count, more, file.idBytesMax);
    let size = this.#slots.length;
    while ((this.#count + more) * 4 > size * 3) size *= 2;
    if (size === this.#slots.length) return;
    const slots = new Uint32Array(size);
    const mask = size - 1;
    for (let ordinal = 1; ordinal <= this.#count; ordinal++) {
      const id = this.#ids.bytesOf(ordinal);
      if (id.length > 0) {
        let slot = mixHash(hashBytes(id)) & mask;
        while (slots[slot] !== 0) slot = (slot + 1) & mask;
        slots[slot] = ordinal;
      }
      if (ordinal % idsASlice === 0) await slices.pause();
    }
    this.#slots = slots;
  }
}

function unreadable(id: string, file: UsersFile, known: number): EngineError {
  const last = file.first + file.count - 1;
  return new EngineError(
    'CATALOG_UNREADABLE',
    `users file ${id}: ordinals ${file.first} to ${last} do not continue the ${known} known users: it is of another history of the shard`,
  );
}
