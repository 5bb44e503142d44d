/** A sum that keeps what rounding takes away (Neumaier), so that the order of its terms does not show. */
export class ExactSum {
  #sum = 0;
  #correction = 0;

  add(value: number): void {
    const after = this.#sum + value;
    this.#correction +=
      Math.abs(this.#sum) >= Math.abs(value)
        ? this.#sum - after + value
        : value - after + this.#sum;
    this.#sum = after;
  }

  get value(): number {
    return this.#sum + this.#correction;
  }

  /** The sum as it was rounded on the way. */
  get rounded(): number {
    return this.#sum;
  }

  /** What rounding took from it. */
  get correction(): number {
    return this.#correction;
  }
}

/** Percentile by linear interpolation at rank p/100·(n − 1) (4.1); null over nothing. `sorted` ascends. */
export function percentileOf(sorted: ArrayLike<number>, percentile: number): number | null {
  if (sorted.length === 0) return null;
  const rank = (percentile / 100) * (sorted.length - 1);
  const low = Math.floor(rank);
  const high = Math.min(low + 1, sorted.length - 1);
  const share = rank - low;
  // Two products, not a difference: far apart values must not overflow.
  return share === 0 ? sorted[low] : sorted[low] * (1 - share) + sorted[high] * share;
}

export function averageOf(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  const sum = new ExactSum();
  for (let i = 0; i < values.length; i++) sum.add(values[i]);
  return sum.value / values.length;
}

/** One ascending list of several. */
export function mergeSorted(lists: readonly (readonly number[])[]): Float64Array {
  let length = 0;
  for (const list of lists) length += list.length;
  const merged = new Float64Array(length);
  let offset = 0;
  for (const list of lists) {
    merged.set(list, offset);
    offset += list.length;
  }
  return merged.sort();
}
