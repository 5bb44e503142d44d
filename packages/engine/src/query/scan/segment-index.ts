import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import { segmentsOf } from '../exec/value-segments.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import type { ScanDictionary } from './scan-source.ts';

/** Which segments the values of one dictionary lie in, as numbers of a `SegmentIndex`. */
export interface DictionarySegments {
  /** By code: the segment, or `severalSegments` for a list with other than one distinct item. */
  readonly byCode: Uint32Array;
  /** The distinct segments of each code that has several. */
  readonly several: ReadonlyMap<number, readonly number[]>;
}

export const severalSegments = 0xffff_ffff;

/**
 * A numbering that has more segments than this is left behind for a new one, so that values that are
 * long gone from the cache do not stay in memory with those that are not.
 */
const segmentsMax = 2 ** 20;

/**
 * Numbers for the segments of one property, the same over many dictionaries (each day has its own). A
 * dictionary is mapped once and remembers its numbering: later queries of this thread by the same property
 * take it up again, whichever days and events they meet first.
 */
export class SegmentIndex {
  readonly #property: string;
  #taken: SegmentNumbering | null = null;

  constructor(property: string) {
    this.#property = property;
  }

  /** Code 0 is the missing value. */
  of(dictionary: ScanDictionary): DictionarySegments {
    const known = mappings.get(dictionary);
    const numbering = this.#numbering;
    if (known?.numbering === numbering) return known;
    const made = { numbering, ...mapDictionary(dictionary, numbering) };
    mappings.set(dictionary, made);
    return made;
  }

  /** Segments have the numbers below. */
  get size(): number {
    return this.#numbering.size;
  }

  /** The segment of a value that is the same for many rows. Lists have no single one. */
  ofValue(value: Exclude<PropertyValue, readonly PropertyValue[]>): number {
    return this.#numbering.numberOf(value);
  }

  segment(number: number): Segment {
    return this.#numbering.segment(number);
  }

  /** `segmentKey` of the segment. */
  key(number: number): string {
    return this.#numbering.key(number);
  }

  get #numbering(): SegmentNumbering {
    return (this.#taken ??= latestNumbering(this.#property));
  }
}

/** By property; kept by the dictionaries that are mapped with it, and gone with the last of them. */
const latest = new Map<string, WeakRef<SegmentNumbering>>();
/** Of properties that some query was broken down by: whoever tries more than these begins anew. */
const latestMax = 1000;

function latestNumbering(property: string): SegmentNumbering {
  const known = latest.get(property)?.deref();
  if (known !== undefined && known.size < segmentsMax) return known;
  const made = new SegmentNumbering();
  if (latest.size >= latestMax) latest.clear();
  latest.set(property, new WeakRef(made));
  return made;
}

const mappings = new WeakMap<
  ScanDictionary,
  DictionarySegments & { readonly numbering: SegmentNumbering }
>();

class SegmentNumbering {
  readonly #segments: Segment[] = [];
  readonly #keys: string[] = [];
  readonly #byKey = new Map<string, number>();
  /** The same for plain texts and numbers, which need no key made of them: nearly all there are. */
  readonly #byText = new Map<string, number>();
  readonly #byNumber = new Map<number, number>();

  get size(): number {
    return this.#segments.length;
  }

  segment(number: number): Segment {
    return this.#segments[number];
  }

  key(number: number): string {
    return (this.#keys[number] ??= segmentKey(this.#segments[number]));
  }

  /** Of a value that is no list. */
  numberOf(value: PropertyValue): number {
    if (typeof value === 'string' && value !== '') {
      const known = this.#byText.get(value) ?? this.#add({ type: 'string', text: value });
      this.#byText.set(value, known);
      return known;
    }
    if (typeof value === 'number') {
      const known = this.#byNumber.get(value) ?? this.#add({ type: 'number', text: String(value) });
      this.#byNumber.set(value, known);
      return known;
    }
    return this.#numberOfSegment(segmentsOf(value)[0]);
  }

  /** Each once. */
  numbersOf(list: PropertyValue): number[] {
    return [...new Set(segmentsOf(list).map((segment) => this.#numberOfSegment(segment)))];
  }

  #numberOfSegment(segment: Segment): number {
    if (segment.type === 'string') return this.numberOf(segment.text);
    if (segment.type === 'number') return this.numberOf(Number(segment.text));
    const key = segmentKey(segment);
    const known = this.#byKey.get(key) ?? this.#add(segment);
    this.#byKey.set(key, known);
    return known;
  }

  #add(segment: Segment): number {
    return this.#segments.push(segment) - 1;
  }
}

function mapDictionary(
  { values }: ScanDictionary,
  numbering: SegmentNumbering,
): DictionarySegments {
  const byCode = new Uint32Array(Math.max(values.length, 1));
  const several = new Map<number, readonly number[]>();
  byCode[0] = numbering.numberOf(null);
  for (let code = 1; code < values.length; code++) {
    const value = values[code];
    if (!Array.isArray(value)) {
      byCode[code] = numbering.numberOf(value);
      continue;
    }
    const numbers = numbering.numbersOf(value);
    byCode[code] = numbers.length === 1 ? numbers[0] : severalSegments;
    if (numbers.length > 1) several.set(code, numbers);
  }
  return { byCode, several };
}
