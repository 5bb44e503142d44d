/**
 * Canonical id ↔ ordinal within one project of one shard, dense from 1 in order of first sight;
 * "" (no user) is ordinal 0. Ordinals are never reused: a user that was merged away leaves a hole.
 */
export class UserDictionary {
  readonly #ordinals = new Map<string, number>([['', 0]]);
  readonly #ids: string[] = [''];

  /** The greatest ordinal given out. */
  get count(): number {
    return this.#ids.length - 1;
  }

  /** By ordinal; grows only at its end. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** The ordinal of the id, a new one at its first sight. */
  ordinal(id: string): number {
    let ordinal = this.#ordinals.get(id);
    if (ordinal === undefined) {
      ordinal = this.#ids.length;
      this.#ordinals.set(id, ordinal);
      this.#ids.push(id);
    }
    return ordinal;
  }
}
