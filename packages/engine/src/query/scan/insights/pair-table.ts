/** Numbers pairs of user and slot in the order in which they are first met: open addressing. */
export class PairTable {
  /** slot · 2^32 + user by place; −1 = free. */
  #keys = new Float64Array(4096).fill(-1);
  #ids = new Uint32Array(4096);
  #size = 0;

  /** Ids 0 … size − 1 are given out. */
  get size(): number {
    return this.#size;
  }

  /** `out[i]` = the id of users[i] in slots[i]. */
  write(users: Uint32Array, slots: Uint32Array, count: number, out: Uint32Array): void {
    // In pieces, so that the table grows between them and the loop need not look.
    const step = 4096;
    for (let start = 0; start < count; start += step) {
      const end = Math.min(start + step, count);
      this.#reserve(end - start);
      this.#size = numberPairs(
        { users, slots, start, end },
        this.#keys,
        this.#ids,
        this.#size,
        out,
      );
    }
  }

  idOf(user: number, slot: number): number {
    const out = new Uint32Array(1);
    this.write(Uint32Array.of(user), Uint32Array.of(slot), 1, out);
    return out[0];
  }

  /** At most half full, also after `more` pairs. */
  #reserve(more: number): void {
    if (2 * (this.#size + more) <= this.#keys.length) return;
    let length = this.#keys.length;
    while (2 * (this.#size + more) > length) length *= 2;
    const keys = new Float64Array(length).fill(-1);
    const ids = new Uint32Array(length);
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#keys[i] < 0) continue;
      const slot = Math.floor(this.#keys[i] / 2 ** 32);
      let place = hashOf(this.#keys[i] - slot * 2 ** 32, slot) & (length - 1);
      while (keys[place] >= 0) place = (place + 1) & (length - 1);
      keys[place] = this.#keys[i];
      ids[place] = this.#ids[i];
    }
    this.#keys = keys;
    this.#ids = ids;
  }
}

function hashOf(user: number, slot: number): number {
  let hash = Math.imul(user, 0x9e3779b1) ^ Math.imul(slot + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Returns the next id. The table has room for all pairs. */
function numberPairs(
  input: {
    readonly users: Uint32Array;
    readonly slots: Uint32Array;
    readonly start: number;
    readonly end: number;
  },
  keys: Float64Array,
  ids: Uint32Array,
  next: number,
  out: Uint32Array,
): number {
  const { users, slots, start, end } = input;
  const mask = keys.length - 1;
  let free = next;
  for (let i = start; i < end; i++) {
    const user = users[i];
    const slot = slots[i];
    const key = slot * 0x1_0000_0000 + user;
    let place = hashOf(user, slot) & mask;
    while (keys[place] !== key) {
      if (keys[place] < 0) {
        keys[place] = key;
        ids[place] = free++;
        break;
      }
      place = (place + 1) & mask;
    }
    out[i] = ids[place];
  }
  return free;
}
