import type { CodeArray, ScanSource } from '../scan-source.ts';
import type { CellEntries } from './cell-entries.ts';
import { propertyOf } from './property-columns.ts';
import type { PropertyPlan } from '../../plan/plan-types.ts';

/**
 * The numbers of one property for entries; NaN = the row has none. Several measures of a property share
 * a reader, which reads the same entries once.
 */
export class NumberReader {
  readonly property: PropertyPlan;
  readonly #source: ScanSource;
  #numbers = new Float64Array(0);
  #read: CellEntries | null = null;
  #found = false;

  constructor(property: PropertyPlan, source: ScanSource) {
    this.property = property;
    this.#source = source;
  }

  /** Numbers by entry, until the next call; null = no row has one. −0 comes as 0. */
  read(entries: CellEntries): Float64Array | null {
    if (this.#read !== entries) {
      this.#read = entries;
      this.#found = this.#gather(entries);
    }
    return this.#found ? this.#numbers : null;
  }

  #gather(entries: CellEntries): boolean {
    const { source, rows, users, count } = entries;
    const own = propertyOf(this.property, source, this.#source);
    if (own.by === 'event') return false;
    if (this.#numbers.length < count) this.#numbers = new Float64Array(Math.ceil(count * 1.25));
    const index = own.by === 'row' ? rows : users;
    const { codes, dictionary } = own.column;
    gatherNumbers(codes, index, count, dictionary.numbers, this.#numbers);
    return true;
  }
}

/** `out[i] = numbers[codes[index[i]]]`. */
function gatherNumbers(
  codes: CodeArray,
  index: Uint32Array,
  count: number,
  numbers: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = numbers[codes[index[i]]] + 0;
}
