/**
 * Typed arrays that grow at the end. Hot loops read `array` directly (an indexed loop over one array
 * class is what V8 makes fast) and must take it again after anything that may have pushed: growing
 * replaces it. Three classes instead of one generic, so that no access site sees two array classes.
 *
 * Growth by half: pages that were never touched cost no memory, and a copy stays rare.
 */
const firstCapacity = 16;

function capacityFor(current: number, needed: number): number {
  return Math.max(firstCapacity, needed, current + (current >>> 1));
}

export class GrowableUint32 {
  array = new Uint32Array(0);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = value;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.array.length) return;
    const grown = new Uint32Array(capacityFor(this.array.length, needed));
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

export class GrowableFloat64 {
  array = new Float64Array(0);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1);
    this.array[this.length++] = value;
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.array.length) return;
    const grown = new Float64Array(capacityFor(this.array.length, needed));
    grown.set(this.array.subarray(0, this.length));
    this.array = grown;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}

export class GrowableBytes {
  array = new Uint8Array(0);
  length = 0;

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
    const grown = new Uint8Array(capacityFor(this.array.length, needed));
    grown.set(this.array.subarray(0, this.length));
    this.array = grown;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}
