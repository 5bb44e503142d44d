/** (cell, number) pairs as they come: for numbers that hardly repeat, where counting them gains nothing. */
export class ValueList {
  #cells = new Uint32Array(0);
  #values = new Float64Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Appends i = first … end − 1; NaN is left out. */
  add(cells: Uint32Array, values: Float64Array, first: number, end: number): void {
    const needed = this.#length + end - first;
    if (needed > this.#cells.length) {
      const length = Math.max(2 * needed, 65_536);
      const moreCells = new Uint32Array(length);
      const moreValues = new Float64Array(length);
      moreCells.set(this.#cells.subarray(0, this.#length));
      moreValues.set(this.#values.subarray(0, this.#length));
      this.#cells = moreCells;
      this.#values = moreValues;
    }
    for (let i = first; i < end; i++) {
      if (values[i] !== values[i]) continue;
      this.#cells[this.#length] = cells[i];
      this.#values[this.#length++] = values[i];
    }
  }

  /** The same pairs with cell % bucketCount for the cell, appended to another list. */
  foldInto(whole: ValueList, bucketCount: number): void {
    const buckets = Uint32Array.from(
      this.#cells.subarray(0, this.#length),
      (cell) => cell % bucketCount,
    );
    whole.add(buckets, this.#values, 0, this.#length);
  }

  /** Adds how many numbers a slot (cell / bucketCount) has to `counts`. */
  countInto(counts: Float64Array, bucketCount: number): void {
    for (let i = 0; i < this.#length; i++) counts[Math.floor(this.#cells[i] / bucketCount)]++;
  }

  /**
   * Numbers of cell c, ascending: values[starts[c]] … values[starts[c + 1] − 1]. Those of cells that are
   * not wanted are in no order.
   */
  sorted(
    cellCount: number,
    isWanted: (cell: number) => boolean,
  ): { readonly values: Float64Array; readonly starts: Uint32Array } {
    const starts = new Uint32Array(cellCount + 1);
    for (let i = 0; i < this.#length; i++) starts[this.#cells[i] + 1]++;
    for (let cell = 0; cell < cellCount; cell++) starts[cell + 1] += starts[cell];
    const next = starts.slice();
    const values = new Float64Array(this.#length);
    for (let i = 0; i < this.#length; i++) values[next[this.#cells[i]]++] = this.#values[i];
    for (let cell = 0; cell < cellCount; cell++) {
      if (isWanted(cell)) sortStretch(values, starts[cell], starts[cell + 1]);
    }
    return { values, starts };
  }
}

/** Most cells have a handful: there the call alone would cost more than the sorting. */
function sortStretch(values: Float64Array, first: number, end: number): void {
  if (end - first > 8) {
    values.subarray(first, end).sort();
    return;
  }
  for (let i = first + 1; i < end; i++) {
    const value = values[i];
    let at = i;
    for (; at > first && values[at - 1] > value; at--) values[at] = values[at - 1];
    values[at] = value;
  }
}
