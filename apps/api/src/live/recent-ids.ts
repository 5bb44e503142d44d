/** As many as a viewer may be shown again after a redelivery: the whole stream, about. */
const idsMax = 10_000;

/** Remembers ids for a while, to tell a repeat of a redelivered batch from a new entry. */
export class RecentIds {
  readonly #ids = new Set<string>();

  /** False when the id was seen before. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > idsMax) {
      const oldest = this.#ids.values().next();
      if (oldest.done !== true) this.#ids.delete(oldest.value);
    }
    return true;
  }
}
