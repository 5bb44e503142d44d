import { atOnce, type Steps } from '../../base/slices.ts';
import { PropertyDictionary } from '../property-dictionary.ts';
import { valueTypeNames } from '../value-type.ts';
import { type PeopleLayer, valuesOf, valueTypesOf } from './people-layer.ts';
import type { Profile } from './profile.ts';

/** Some milliseconds of work. */
const valuesAStep = 8192;

/** One property of all people of the catalog. */
export interface BaseColumn {
  /** Code by ordinal up to the last user of the catalog; 0 = absent. Ordinary memory. */
  readonly codes: Uint32Array;
  /** Grows with what newer profiles bring; codes never change. */
  readonly dictionary: PropertyDictionary;
}

/** How many people have a property, by type of the value (`valueTypeNames`). */
export type TypeCounts = Float64Array;

/**
 * The profiles that the catalog knows, columnar as its people files hold them: a later file says
 * everything about a user that it names. Never changes. A column is put together when it is first asked
 * for, a profile when an update needs it.
 */
export class PeopleBase {
  /** In the order in which they apply. */
  readonly layers: readonly PeopleLayer[];
  readonly #userCount: number;
  readonly #columns = new Map<string, BaseColumn | undefined>();
  /** By ordinal: 1 + index of the layer that speaks for the user; 0 = none. Made when it is first asked for. */
  #speakers: Uint8Array | Uint16Array | undefined;
  #counts: { readonly people: number; readonly properties: Map<string, TypeCounts> } | undefined;

  constructor(layers: readonly PeopleLayer[] = [], userCount = 0) {
    this.layers = layers;
    this.#userCount = userCount;
  }

  /** Undefined = the user has no profile. */
  profile(ordinal: number): Profile | undefined {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const record = this.layers[i].recordOf(ordinal);
      if (record >= 0) return this.layers[i].profile(record);
    }
    return undefined;
  }

  hasProfile(ordinal: number): boolean {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const record = this.layers[i].recordOf(ordinal);
      if (record >= 0) return this.layers[i].deleted[record] === 0;
    }
    return false;
  }

  /** Undefined = no file ever had it. */
  column(name: string): BaseColumn | undefined {
    if (!this.#columns.has(name)) this.#columns.set(name, atOnce(this.#columnSteps(name)));
    return this.#columns.get(name);
  }

  /** What it takes until these columns are there, in steps of some milliseconds; null = nothing. */
  prepare(names: ReadonlySet<string>): Steps<void> | null {
    const missing = [...names].filter((name) => !this.#columns.has(name));
    return missing.length === 0 ? null : this.#prepareSteps(missing);
  }

  *#prepareSteps(names: readonly string[]): Steps<void> {
    for (const name of names) {
      const column = yield* this.#columnSteps(name);
      // Somebody else may have made it meanwhile, whose codes are in use.
      if (!this.#columns.has(name)) this.#columns.set(name, column);
    }
  }

  *#columnSteps(name: string): Steps<BaseColumn | undefined> {
    if (!this.layers.some(({ columns }) => columns.has(name))) return undefined;
    const dictionary = new PropertyDictionary();
    const codes = new Uint32Array(this.#userCount + 1);
    for (const { ordinals, columns } of this.layers) {
      const column = columns.get(name);
      if (!column) {
        for (let record = 0; record < ordinals.length; record++) codes[ordinals[record]] = 0;
        continue;
      }
      const translated = new Uint32Array(column.values.ends.length + 1);
      let code = 0;
      for (const value of valuesOf(column)) {
        translated[++code] = dictionary.codeOf(value);
        if (code % valuesAStep === 0) yield;
      }
      const layerCodes = column.codes;
      for (let record = 0; record < ordinals.length; record++) {
        codes[ordinals[record]] = translated[layerCodes[record]];
      }
      yield;
    }
    return { codes, dictionary };
  }

  /** Sets the places of all ordinals that have a profile to 1. */
  markPeople(marks: Uint8Array): void {
    const speakers = (this.#speakers ??= this.#newSpeakers());
    for (const [i, { ordinals, deleted }] of this.layers.entries()) {
      for (let record = 0; record < ordinals.length; record++) {
        const ordinal = ordinals[record];
        if (deleted[record] === 0 && speakers[ordinal] === i + 1) marks[ordinal] = 1;
      }
    }
  }

  /** How many people there are, and how many have each property. */
  counts(): { readonly people: number; readonly properties: ReadonlyMap<string, TypeCounts> } {
    return (this.#counts ??= this.#newCounts());
  }

  #newCounts(): { people: number; properties: Map<string, TypeCounts> } {
    const speakers = (this.#speakers ??= this.#newSpeakers());
    const properties = new Map<string, TypeCounts>();
    let people = 0;
    for (const [i, layer] of this.layers.entries()) {
      const { ordinals, deleted, columns } = layer;
      for (let record = 0; record < ordinals.length; record++) {
        if (speakers[ordinals[record]] === i + 1 && deleted[record] === 0) people++;
      }
      for (const [name, column] of columns) {
        const counts = properties.get(name) ?? new Float64Array(valueTypeNames.length);
        const types = valueTypesOf(column);
        for (let record = 0; record < ordinals.length; record++) {
          const code = column.codes[record];
          if (code > 0 && speakers[ordinals[record]] === i + 1) counts[types[code]]++;
        }
        properties.set(name, counts);
      }
    }
    return { people, properties };
  }

  #newSpeakers(): Uint8Array | Uint16Array {
    const length = this.#userCount + 1;
    const speakers = this.layers.length < 0xff ? new Uint8Array(length) : new Uint16Array(length);
    for (const [i, { ordinals }] of this.layers.entries()) {
      for (let record = 0; record < ordinals.length; record++) speakers[ordinals[record]] = i + 1;
    }
    return speakers;
  }
}
