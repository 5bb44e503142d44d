/**
 * Typed arrays that grow at the end. Hot loops read `array` directly (an indexed loop over one array
 * class is what V8 makes fast) and must take it again after anything that may have pushed: growing
 * replaces it. Three classes instead of one generic, so that no access site sees two array classes.
 *
 * Growth by half: pages that were never touched cost no memory, and a copy stays rare.
 */
const firstCapacity = 16;

/** Makes the array for so many numbers, all 0, in the memory that is wanted. */
type MakeArray<Numbers> = (length: number) => Numbers;

function capacityFor(current: number, needed: number): number {
  return Math.max(firstCapacity, needed, current + (current >>> 1));
}

export class GrowableUint32<Memory extends ArrayBufferLike = ArrayBuffer> {
  array: Uint32Array<Memory>;
  length = 0;
  readonly #make: MakeArray<Uint32Array<Memory>>;

  constructor(make?: MakeArray<Uint32Array<Memory>>) {
    // Whoever names another kind of memory gives the function that makes it.
    this.#make = make ?? ((length) => new Uint32Array(length) as Uint32Array<Memory>);
    this.array = this.#make(0);
  }

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = value;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.array.length) return;
    const grown = this.#make(capacityFor(this.array.length, needed));
    grown.set(this.array.subarray(0, this.length));
    this.array = grown;
  }

  /** Makes every position below `length` exist; new ones are 0. */
  extendTo(length: number): void {
    if (length <= this.length) return;
    this.reserve(length - this.length);
    this.length = length;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}

export class GrowableFloat64<Memory extends ArrayBufferLike = ArrayBuffer> {
  array: Float64Array<Memory>;
  length = 0;
  readonly #make: MakeArray<Float64Array<Memory>>;

  constructor(make?: MakeArray<Float64Array<Memory>>) {
    // Whoever names another kind of memory gives the function that makes it.
    this.#make = make ?? ((length) => new Float64Array(length) as Float64Array<Memory>);
    this.array = this.#make(0);
  }

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = value;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.array.length) return;
    const grown = this.#make(capacityFor(this.array.length, needed));
    grown.set(this.array.subarray(0, this.length));
    this.array = grown;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}

export class GrowableBytes<Memory extends ArrayBufferLike = ArrayBuffer> {
  array: Uint8Array<Memory>;
  length = 0;
  readonly #make: MakeArray<Uint8Array<Memory>>;

  constructor(make?: MakeArray<Uint8Array<Memory>>) {
    this.#make = make ?? ((length) => new Uint8Array(length) as Uint8Array<Memory>);
    this.array = this.#make(0);
  }

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = value;
  }

  /** Copies source[start, end) to the end. */
  append(source: Uint8Array, start = 0, end = source.length): void {
    const count = end - start;
    this.reserve(count);
    const target = this.array;
    // Insert ids have some 30 bytes: a loop beats the call of `set` with a subarray by five times.
    for (let i = 0, at = this.length; i < count; i++) target[at + i] = source[start + i];
    this.length += count;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.array.length) return;
    const grown = this.#make(capacityFor(this.array.length, needed));
    grown.set(this.array.subarray(0, this.length));
    this.array = grown;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}
