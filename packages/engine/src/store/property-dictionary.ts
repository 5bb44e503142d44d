import type { PropertyValue } from '@arbor/schema/property-value';
import { canonicalText } from '../base/canonical-text.ts';
import { GrowableBytes } from '../base/growable.ts';
import { hashNumber } from '../base/hash.ts';
import { isDateText, valueTypeNames, type ValueTypeName, valueTypes } from './value-type.ts';

/** Stands at code 0, which means "absent" and is never looked up. */
const unused = null;

/**
 * The distinct values of one property, numbered from 1. Types are kept apart: 1, "1", true and [1] are
 * four values. 0 and -0 are one number. Lists are equal item by item, objects whatever the order of
 * their members.
 *
 * Counts how many visible rows hold a value of each type, because pickers ask for nothing else.
 */
export class PropertyDictionary {
  readonly values: PropertyValue[] = [unused];
  /** By code: index into `valueTypeNames`. */
  readonly types = new GrowableBytes();
  readonly typeCounts = new Float64Array(valueTypeNames.length);
  readonly #nullOrBoolean = [0, 0, 0];
  #strings: Map<string, number> | undefined;
  #nested: Map<string, number> | undefined;
  /** Codes of numbers by hash, open addressing; 0 = free. Most properties never need it. */
  #numberSlots: Uint32Array | undefined;
  #numberCount = 0;

  constructor() {
    this.types.push(0);
  }

  codeOf(value: PropertyValue): number {
    if (typeof value === 'string') return this.codeOfString(value);
    if (typeof value === 'number') return this.codeOfNumber(value);
    if (typeof value === 'boolean' || value === null) return this.codeOfConstant(value);
    return this.codeOfNested(value);
  }

  codeOfString(value: string): number {
    this.#strings ??= new Map();
    let code = this.#strings.get(value);
    if (code === undefined) {
      code = this.#add(value, isDateText(value) ? valueTypes.date : valueTypes.string);
      this.#strings.set(value, code);
    }
    return code;
  }

  codeOfConstant(value: boolean | null): number {
    const place = value === null ? 0 : value ? 2 : 1;
    const type = value === null ? valueTypes.null : valueTypes.boolean;
    this.#nullOrBoolean[place] ||= this.#add(value, type);
    return this.#nullOrBoolean[place];
  }

  codeOfNumber(value: number): number {
    let slots = (this.#numberSlots ??= new Uint32Array(16));
    if ((this.#numberCount + 1) * 3 > slots.length * 2) slots = this.#growNumbers();
    const slot = this.#numberSlot(slots, value);
    if (slots[slot] === 0) {
      slots[slot] = this.#add(value + 0, valueTypes.number);
      this.#numberCount++;
    }
    return slots[slot];
  }

  codeOfNested(value: PropertyValue): number {
    this.#nested ??= new Map();
    const key = canonicalText(value);
    let code = this.#nested.get(key);
    if (code === undefined) {
      code = this.#add(value, Array.isArray(value) ? valueTypes.list : valueTypes.object);
      this.#nested.set(key, code);
    }
    return code;
  }

  /** Rows (or persons) that hold this property, whatever the type. */
  get count(): number {
    return this.typeCounts.reduce((sum, count) => sum + count, 0);
  }

  /** Types that occur, the most frequent first. */
  typeNames(): ValueTypeName[] {
    return valueTypeNames
      .filter((_, type) => this.typeCounts[type] > 0)
      .sort((a, b) => this.typeCounts[valueTypes[b]] - this.typeCounts[valueTypes[a]]);
  }

  #add(value: PropertyValue, type: number): number {
    this.types.push(type);
    return this.values.push(value) - 1;
  }

  #numberSlot(slots: Uint32Array, value: number): number {
    const mask = slots.length - 1;
    let slot = hashNumber(value) & mask;
    while (slots[slot] !== 0) {
      const other = this.values[slots[slot]];
      // NaN cannot come from JSON; should one arrive all the same, it must find itself.
      if (other === value || (Number.isNaN(other) && Number.isNaN(value))) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #growNumbers(): Uint32Array {
    const grown = new Uint32Array((this.#numberSlots?.length ?? 0) * 2);
    for (let code = 1; code < this.values.length; code++) {
      const value = this.values[code];
      if (typeof value === 'number') grown[this.#numberSlot(grown, value)] = code;
    }
    this.#numberSlots = grown;
    return grown;
  }
}
