import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyColumn } from './shard-view.ts';

/** Numbers the distinct values of a column that is worked out; code 0 is a missing value, and so is null. */
export class ValueCodes {
  readonly values: PropertyValue[] = [null];
  readonly #codes = new Map<PropertyValue, number>();
  readonly #nested = new Map<string, number>();

  codeOf(value: PropertyValue): number {
    if (value === null) return 0;
    if (typeof value !== 'object') return this.#code(this.#codes, value, value);
    return this.#code(this.#nested, JSON.stringify(value), value);
  }

  #code<Key>(codes: Map<Key, number>, key: Key, value: PropertyValue): number {
    let code = codes.get(key);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      codes.set(key, code);
    }
    return code;
  }
}

/**
 * The column of what follows from each value of another one: worked out once for every value that occurs.
 */
export function mapColumn(
  { codes, values }: PropertyColumn,
  valueOf: (value: PropertyValue) => PropertyValue,
): PropertyColumn {
  const target = new ValueCodes();
  // By code: the code of what follows from it and one more, 0 = not asked for yet.
  const known = new Uint32Array(Math.max(values.length, 1));
  const mapped = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (known[code] === 0)
      known[code] = target.codeOf(valueOf(code === 0 ? null : values[code])) + 1;
    mapped[i] = known[code] - 1;
  }
  return { codes: mapped, values: target.values };
}

/** A column in which nothing has a value. */
export function emptyColumn(count: number): PropertyColumn {
  return { codes: new Uint32Array(count), values: [null] };
}
