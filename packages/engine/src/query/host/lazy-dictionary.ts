import type { PropertyValue } from '@arbor/schema/property-value';
import type { ScanDictionary } from '../scan/scan-source.ts';

/** Values and numbers are made when they are first asked for, and kept as long as the dictionary. */
export class LazyDictionary implements ScanDictionary {
  readonly #readValues: () => readonly PropertyValue[];
  readonly #readNumbers: (() => Float64Array) | null;
  #values: readonly PropertyValue[] | undefined;
  #numbers: Float64Array | undefined;

  constructor(
    readValues: () => readonly PropertyValue[],
    readNumbers: (() => Float64Array) | null,
  ) {
    this.#readValues = readValues;
    this.#readNumbers = readNumbers;
  }

  get values(): readonly PropertyValue[] {
    this.#values ??= this.#readValues();
    return this.#values;
  }

  get numbers(): Float64Array {
    this.#numbers ??= this.#readNumbers?.() ?? numbersOf(this.values);
    return this.#numbers;
  }
}

function numbersOf(values: readonly PropertyValue[]): Float64Array {
  return Float64Array.from(values, (value, code) =>
    code > 0 && typeof value === 'number' ? value : NaN,
  );
}
