/**
 * How often each number occurs in each cell: an open-addressing table of (cell, number). Prices, sizes
 * and ratings repeat, so that the table is far smaller than the rows it counts.
 */
export class ValueTable {
  /** Cell + 1 by place; 0 = free. */
  #cells = new Uint32Array(1024);
  #values = new Float64Array(1024);
  #counts = new Uint32Array(1024);
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
      const places = { cells: this.#cells, values: this.#values, counts: this.#counts };
      this.#size += countValues({ cells, values, bits }, start, stop, places);
    }
  }

  addOne(cell: number, value: number, count: number): void {
    this.#reserve(1);
    const place = this.#placeOf(cell, value);
    if (this.#cells[place] === 0) {
      this.#cells[place] = cell + 1;
      this.#values[place] = value;
      this.#size++;
    }
    this.#counts[place] += count;
  }

  countOf(cell: number, value: number): number {
    return this.#counts[this.#placeOf(cell, value)];
  }

  /** Adds the counts of all numbers of a slot (cell / bucketCount) to `counts`. */
  countInto(counts: Float64Array, bucketCount: number): void {
    for (let place = 0; place < this.#cells.length; place++) {
      const key = this.#cells[place];
      if (key !== 0) counts[Math.floor((key - 1) / bucketCount)] += this.#counts[place];
    }
  }

  forEach(visit: (cell: number, value: number, count: number) => void): void {
    for (let place = 0; place < this.#cells.length; place++) {
      if (this.#cells[place] === 0) continue;
      visit(this.#cells[place] - 1, this.#values[place], this.#counts[place]);
    }
  }

  /** The place of the pair, or the free one where it belongs. */
  #placeOf(cell: number, value: number): number {
    const mask = this.#cells.length - 1;
    doubles[0] = value;
    let place = hashOf(cell, words[0], words[1]) & mask;
    while (
      this.#cells[place] !== 0 &&
      (this.#cells[place] !== cell + 1 || this.#values[place] !== value)
    ) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** At most half full, also after `more` pairs. */
  #reserve(more: number): void {
    if (2 * (this.#size + more) <= this.#cells.length) return;
    let length = this.#cells.length;
    while (2 * (this.#size + more) > length) length *= 2;
    const { cells, values, counts } = this.#takeOut();
    this.#cells = new Uint32Array(length);
    this.#values = new Float64Array(length);
    this.#counts = new Uint32Array(length);
    for (let i = 0; i < cells.length; i++) {
      if (cells[i] === 0) continue;
      const place = this.#placeOf(cells[i] - 1, values[i]);
      this.#cells[place] = cells[i];
      this.#values[place] = values[i];
      this.#counts[place] = counts[i];
    }
  }

  #takeOut() {
    return { cells: this.#cells, values: this.#values, counts: this.#counts };
  }
}

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

/** Prices differ in few bits of a double: the finaliser of murmur3 spreads them over all. */
function hashOf(cell: number, low: number, high: number): number {
  let hash = Math.imul(cell + 1, 0x9e3779b1) ^ low ^ Math.imul(high, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Returns how many pairs are new. The table has room for all. */
function countValues(
  input: {
    readonly cells: Uint32Array;
    readonly values: Float64Array;
    readonly bits: Uint32Array;
  },
  start: number,
  stop: number,
  places: {
    readonly cells: Uint32Array;
    readonly values: Float64Array;
    readonly counts: Uint32Array;
  },
): number {
  const { cells, values, bits } = input;
  const mask = places.cells.length - 1;
  let added = 0;
  for (let i = start; i < stop; i++) {
    const value = values[i];
    if (value !== value) continue;
    const key = cells[i] + 1;
    let place = hashOf(cells[i], bits[2 * i], bits[2 * i + 1]) & mask;
    while (places.cells[place] !== key || places.values[place] !== value) {
      if (places.cells[place] === 0) {
        places.cells[place] = key;
        places.values[place] = value;
        added++;
        break;
      }
      place = (place + 1) & mask;
    }
    places.counts[place]++;
  }
  return added;
}
