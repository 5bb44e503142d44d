import type { PropertyValue } from '@arbor/schema/property-value';
import { cellCount } from '../../exec/memory.ts';
import type { DistinctCells } from '../../merge/partial.ts';
import type { ScanDictionary, ScanSource } from '../scan-source.ts';
import type { Accumulator } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';
import { gatherCodes } from './cell-entries.ts';
import { propertyOf } from './property-columns.ts';
import { ValueTable } from './value-table.ts';
import type { PropertyPlan } from '../../plan/plan-types.ts';

/** Every different value of a property by cell; missing and null are none (4.1). */
export class DistinctAccumulator implements Accumulator {
  readonly #property: PropertyPlan;
  readonly #source: ScanSource;
  readonly #bucketCount: number;
  readonly #texts = new TextNumbers();
  /** Pairs of cell and number of a text. */
  readonly #pairs = new ValueTable();
  #numbers = new Float64Array(0);
  #codes = new Uint32Array(0);
  #bySlot: { at: number[]; values: string[][] }[] | null = null;

  constructor(property: PropertyPlan, source: ScanSource, bucketCount: number) {
    this.#property = property;
    this.#source = source;
    this.#bucketCount = bucketCount;
  }

  reserve(slotCount: number): void {
    cellCount(slotCount, this.#bucketCount);
  }

  add(entries: CellEntries): void {
    const { source, rows, users, cells, count } = entries;
    if (this.#codes.length < count) {
      this.#codes = new Uint32Array(Math.ceil(count * 1.25));
      this.#numbers = new Float64Array(this.#codes.length);
    }
    const own = propertyOf(this.#property, source, this.#source);
    if (own.by === 'event') {
      if (own.value === null) return;
      this.#numbers.fill(this.#texts.ofValue(own.value), 0, count);
    } else {
      gatherCodes(own.column.codes, own.by === 'row' ? rows : users, count, this.#codes);
      numberTexts(this.#codes, count, this.#texts.of(own.column.dictionary), this.#numbers);
    }
    this.#pairs.add(cells, this.#numbers, 0, count);
  }

  /** How many values threads have in common shows only when all are brought together. */
  ranks(): null {
    return null;
  }

  /** Nothing may be added any more. */
  cellsOf(slot: number): DistinctCells {
    this.#bySlot ??= this.#group();
    return { type: 'distinct', ...(this.#bySlot[slot] ?? { at: [], values: [] }) };
  }

  foldInto(whole: this): void {
    this.#pairs.forEach((cell, number) => {
      const own = whole.#texts.ofText(this.#texts.text(number));
      whole.#pairs.addOne(cell % this.#bucketCount, own, 1);
    });
  }

  #group(): { at: number[]; values: string[][] }[] {
    const lists = new Map<number, string[]>();
    this.#pairs.forEach((cell, number) => {
      const list = lists.get(cell);
      if (list) list.push(this.#texts.text(number));
      else lists.set(cell, [this.#texts.text(number)]);
    });
    const bySlot: { at: number[]; values: string[][] }[] = [];
    for (const cell of [...lists.keys()].sort((left, right) => left - right)) {
      const bucket = cell % this.#bucketCount;
      const own = (bySlot[(cell - bucket) / this.#bucketCount] ??= { at: [], values: [] });
      own.at.push(bucket);
      own.values.push(lists.get(cell) ?? []);
    }
    return bySlot;
  }
}

/** NaN where the code stands for no value. */
function numberTexts(
  codes: Uint32Array,
  count: number,
  numberByCode: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = numberByCode[codes[i]];
}

/** Numbers for the JSON texts of values, the same over many dictionaries: 1 and "1" stay two. */
class TextNumbers {
  readonly #texts: string[] = [];
  readonly #byText = new Map<string, number>();
  readonly #dictionaries = new Map<ScanDictionary, Float64Array>();

  text(number: number): string {
    return this.#texts[number];
  }

  of(dictionary: ScanDictionary): Float64Array {
    const known = this.#dictionaries.get(dictionary);
    if (known) return known;
    const made = Float64Array.from(dictionary.values, (value, code) =>
      code === 0 || value === null ? NaN : this.ofValue(value),
    );
    this.#dictionaries.set(dictionary, made);
    return made;
  }

  ofValue(value: PropertyValue): number {
    return this.ofText(JSON.stringify(value));
  }

  ofText(text: string): number {
    const known = this.#byText.get(text) ?? this.#texts.push(text) - 1;
    this.#byText.set(text, known);
    return known;
  }
}
