/**
 * How often each number occurs in each cell: an open-addressing table of (cell, number). Prices, sizes
 * and ratings repeat, so that the table is far smaller than the rows it counts.
 *
 * A place is four words side by side, so that a row costs one look into memory: cell + 1 (0 = the place is
 * free), the low and the high half of the number, and how often the pair was met.
 */
export class ValueTable {
  #words = new Uint32Array(wordsEach * 1024);
  #size = 0;

  /** Distinct (cell, number) pairs. */
  get size(): number {
    return this.#size;
  }

  /** Counts values[i] in cells[i] for i = first … end − 1; NaN is no number. Zeros must be positive. */
  add(cells: Uint32Array, values: Float64Array, first: number, end: number): void {
    const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * end);
    // In pieces, so that the table grows between them and the loop need not look.
    const step = 4096;
    for (let start = first; start < end; start += step) {
      this.#reserve(step);
      const stop = Math.min(start + step, end);
      this.#size += countValues({ cells, values, bits }, start, stop, this.#words);
    }
  }

  addOne(cell: number, value: number, count: number): void {
    this.#reserve(1);
    const at = this.#placeOf(cell, value);
    if (this.#words[at] === 0) {
      this.#words[at] = cell + 1;
      this.#words[at + 1] = halves[0];
      this.#words[at + 2] = halves[1];
      this.#size++;
    }
    this.#words[at + 3] += count;
  }

  countOf(cell: number, value: number): number {
    return this.#words[this.#placeOf(cell, value) + 3];
  }

  /** Adds the counts of all numbers of a slot (cell / bucketCount) to `counts`. */
  countInto(counts: Float64Array, bucketCount: number): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at += wordsEach) {
      if (words[at] === 0) continue;
      counts[Math.floor((words[at] - 1) / bucketCount)] += words[at + 3];
    }
  }

  forEach(visit: (cell: number, value: number, count: number) => void): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at += wordsEach) {
      if (words[at] === 0) continue;
      halves[0] = words[at + 1];
      halves[1] = words[at + 2];
      visit(words[at] - 1, double[0], words[at + 3]);
    }
  }

  /** The place of the pair, or the free one where it belongs. Leaves the number in `halves`. */
  #placeOf(cell: number, value: number): number {
    const words = this.#words;
    const mask = words.length - 1;
    double[0] = value;
    const low = halves[0];
    const high = halves[1];
    let at = (hashOf(cell, low, high) << 2) & mask;
    while (
      words[at] !== 0 &&
      (words[at] !== cell + 1 || words[at + 1] !== low || words[at + 2] !== high)
    ) {
      at = (at + wordsEach) & mask;
    }
    return at;
  }

  /** At most half full, also after `more` pairs. */
  #reserve(more: number): void {
    const needed = 2 * wordsEach * (this.#size + more);
    if (needed <= this.#words.length) return;
    const before = this.#words;
    let length = before.length;
    // Small tables grow fast: what is put into a larger one is put there anew.
    while (needed > length) length *= length < 2 ** 20 ? 4 : 2;
    this.#words = new Uint32Array(length);
    moveAll(before, this.#words);
  }
}

/** A power of two: `<< 2` makes a place of a hash. */
const wordsEach = 4;

/** One number, as such and as its two halves. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Prices differ in few bits of a double: the finaliser of murmur3 spreads them over all. */
function hashOf(cell: number, low: number, high: number): number {
  let hash = Math.imul(cell + 1, 0x9e3779b1) ^ low ^ Math.imul(high, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Puts all places into a larger, empty table. */
function moveAll(from: Uint32Array, to: Uint32Array): void {
  const mask = to.length - 1;
  for (let place = 0; place < from.length; place += wordsEach) {
    if (from[place] === 0) continue;
    const hash = hashOf(from[place] - 1, from[place + 1], from[place + 2]);
    let at = (hash << 2) & mask;
    while (to[at] !== 0) at = (at + wordsEach) & mask;
    for (let word = 0; word < wordsEach; word++) to[at + word] = from[place + word];
  }
}

/** Returns how many pairs are new. The table has room for all. */
function countValues(
  {
    cells,
    values,
    bits,
  }: {
    readonly cells: Uint32Array;
    readonly values: Float64Array;
    readonly bits: Uint32Array;
  },
  start: number,
  stop: number,
  words: Uint32Array,
): number {
  const mask = words.length - 1;
  let added = 0;
  for (let i = start; i < stop; i++) {
    if (values[i] !== values[i]) continue;
    const key = cells[i] + 1;
    const low = bits[2 * i];
    const high = bits[2 * i + 1];
    let at = (hashOf(cells[i], low, high) << 2) & mask;
    while (words[at] !== key || words[at + 1] !== low || words[at + 2] !== high) {
      if (words[at] === 0) {
        words[at] = key;
        words[at + 1] = low;
        words[at + 2] = high;
        added++;
        break;
      }
      at = (at + wordsEach) & mask;
    }
    words[at + 3]++;
  }
  return added;
}
