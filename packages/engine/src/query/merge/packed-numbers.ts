import { assert } from '../../base/assert.ts';
import { percentileOf } from './numbers.ts';

/**
 * Ascending numbers in a form that goes through JSON in few bytes: what is not a small list travels as
 * base64 of either whole numbers (each as the difference from the one before, in 7-bit groups) or of
 * doubles. With `counts` a number stands for as many equal ones.
 */
export type NumberList = readonly number[] | RepeatedNumbers | PackedNumbers;

/** A short list of which some numbers occur often. */
export interface RepeatedNumbers {
  readonly encoding: 'plain';
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

export interface PackedNumbers {
  /** How many numbers `values` has. */
  readonly length: number;
  readonly encoding: 'differences' | 'doubles';
  /** With `differences`: the numbers are whole ones divided by this (1, 100 …). */
  readonly scale: number;
  readonly values: string;
  /** How often each number occurs, in 7-bit groups; null = once. */
  readonly counts: string | null;
}

/** Ascending numbers, each as often as `counts` says; null = once. */
export interface CountedNumbers {
  readonly values: Float64Array;
  readonly counts: Uint32Array | null;
}

/** Lists up to this length cost less as they are: to send, to write and to read. */
const plainMax = 8;

/** Money has two places behind the point, durations in ms none. */
const scales = [1, 10, 100, 1000] as const;

/** `values` ascend; with counts they are distinct. The sign of a zero is not kept, as in JSON. */
export function packNumbers({ values, counts }: CountedNumbers): NumberList {
  if (values.length <= plainMax) {
    if (counts === null) return Array.from(values);
    return { encoding: 'plain', values: Array.from(values), counts: Array.from(counts) };
  }
  const scale = scales.find((candidate) => isWhole(values, candidate));
  return {
    length: values.length,
    encoding: scale === undefined ? 'doubles' : 'differences',
    scale: scale ?? 1,
    values: scale === undefined ? doublesText(values) : differencesText(values, scale),
    counts: counts === null || counts.every((count) => count === 1) ? null : countsText(counts),
  };
}

/** Reads what `packNumbers` wrote, and plain lists. */
export function unpackNumbers(list: NumberList): CountedNumbers {
  if (isPlain(list)) return { values: Float64Array.from(list), counts: null };
  if (list.encoding === 'plain') {
    return { values: Float64Array.from(list.values), counts: Uint32Array.from(list.counts) };
  }
  const bytes = Buffer.from(list.values, 'base64');
  const values = new Float64Array(list.length);
  if (list.encoding === 'doubles') {
    assert(bytes.length === 8 * list.length, () => `packed numbers have ${bytes.length} bytes`);
    for (let i = 0; i < values.length; i++) values[i] = bytes.readDoubleLE(8 * i);
  } else {
    readGroups(bytes, values);
    if (values.length > 0) values[0] = unfold(values[0]);
    for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
    for (let i = 0; i < values.length; i++) values[i] /= list.scale;
  }
  if (list.counts === null) return { values, counts: null };
  const counts = new Uint32Array(list.length);
  readGroups(Buffer.from(list.counts, 'base64'), counts);
  return { values, counts };
}

/** How many numbers a list stands for. */
export function countNumbers(list: NumberList): number {
  if (isPlain(list)) return list.length;
  if (list.encoding === 'plain') return list.counts.reduce((sum, count) => sum + count, 0);
  return list.counts === null ? list.length : totalCount(unpackNumbers(list));
}

export function totalCount({ values, counts }: CountedNumbers): number {
  if (counts === null) return values.length;
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}

/** One ascending list of several, merged two by two: equal numbers stay side by side. */
export function mergeNumbers(lists: readonly CountedNumbers[]): CountedNumbers {
  let merged = lists.length === 0 ? [{ values: new Float64Array(0), counts: null }] : [...lists];
  while (merged.length > 1) {
    const next: CountedNumbers[] = [];
    for (let i = 0; i + 1 < merged.length; i += 2) next.push(mergeTwo(merged[i], merged[i + 1]));
    if (merged.length % 2 === 1) next.push(merged[merged.length - 1]);
    merged = next;
  }
  return merged[0];
}

/** Percentile by linear interpolation (4.1), as `percentileOf` would give of the list written out. */
export function percentileOfCounted(list: CountedNumbers, percentile: number): number | null {
  const { values, counts } = list;
  if (counts === null) return percentileOf(values, percentile);
  const total = totalCount(list);
  if (total === 0) return null;
  const rank = (percentile / 100) * (total - 1);
  const low = Math.floor(rank);
  const share = rank - low;
  const below = valueAt(values, counts, low);
  // As `percentileOf`: two products, not a difference.
  return share === 0 ? below : below * (1 - share) + valueAt(values, counts, low + 1) * share;
}

/** The number at an index of the list written out. */
function valueAt(values: Float64Array, counts: Uint32Array, index: number): number {
  let at = 0;
  for (let end = counts[0]; end <= index; end += counts[at]) at++;
  return values[at];
}

function isPlain(list: NumberList): list is readonly number[] {
  return Array.isArray(list);
}

function mergeTwo(left: CountedNumbers, right: CountedNumbers): CountedNumbers {
  const length = left.values.length + right.values.length;
  const values = new Float64Array(length);
  const counts = left.counts === null && right.counts === null ? null : new Uint32Array(length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < length; at++) {
    const takeLeft =
      j === right.values.length || (i < left.values.length && left.values[i] <= right.values[j]);
    const from = takeLeft ? left : right;
    const index = takeLeft ? i++ : j++;
    values[at] = from.values[index];
    if (counts !== null) counts[at] = from.counts === null ? 1 : from.counts[index];
  }
  return { values, counts };
}

/** Whether the numbers times `scale` are whole, exact, and come back when divided again. */
function isWhole(values: Float64Array, scale: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const whole = Math.round(values[i] * scale);
    if (!Number.isSafeInteger(2 * whole) || whole / scale !== values[i]) return false;
  }
  const last = values.length - 1;
  return last < 0 || Number.isSafeInteger(2 * Math.round((values[last] - values[0]) * scale));
}

function doublesText(values: Float64Array): string {
  const bytes = Buffer.alloc(8 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeDoubleLE(values[i], 8 * i);
  return bytes.toString('base64');
}

function differencesText(values: Float64Array, scale: number): string {
  const groups = new Groups(values.length);
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const whole = Math.round(values[i] * scale);
    groups.add(i === 0 ? fold(whole) : whole - before);
    before = whole;
  }
  return groups.text();
}

function countsText(counts: Uint32Array): string {
  const groups = new Groups(counts.length);
  for (let i = 0; i < counts.length; i++) groups.add(counts[i]);
  return groups.text();
}

const fold = (whole: number): number => (whole < 0 ? -2 * whole - 1 : 2 * whole);
const unfold = (folded: number): number => (folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2);

/** Whole numbers below 2^53, the low 7 bits first; the high bit of a byte says that more follow. */
class Groups {
  #bytes: Uint8Array;
  #length = 0;

  constructor(count: number) {
    this.#bytes = new Uint8Array(2 * count + 16);
  }

  add(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const longer = new Uint8Array(2 * this.#bytes.length);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128))
      this.#bytes[this.#length++] = (rest % 128) + 128;
    this.#bytes[this.#length++] = rest;
  }

  text(): string {
    return Buffer.from(this.#bytes.buffer, 0, this.#length).toString('base64');
  }
}

/** Fills `out` from groups; a text that is too short or too long is our own mistake. */
function readGroups(bytes: Uint8Array, out: Float64Array | Uint32Array): void {
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    let value = 0;
    let factor = 1;
    for (; bytes[at] >= 128; at++, factor *= 128) value += (bytes[at] - 128) * factor;
    out[i] = value + bytes[at++] * factor;
  }
  assert(at === bytes.length, () => `packed numbers have ${bytes.length} bytes, read ${at}`);
}
