import type { PropertyValue } from '@arbor/schema/property-value';
import { canonicalText } from '../../base/canonical-text.ts';
import { eventNameProperty } from './people-mask.ts';
import type { EventRows, ScanColumn, ScanDictionary, ScanSource } from './scan-source.ts';

/**
 * Reads one property of the rows of one event and day, as ids that are the same everywhere. A class and
 * not a closure: the loops over rows then call one function.
 */
export class ValueReader {
  readonly #values: Values;
  /** Null = every row has the value `#always`. */
  readonly #column: ScanColumn | null;
  readonly #ids: Uint32Array;
  readonly #always: number;

  constructor(values: Values, column: ScanColumn | null, always: number) {
    this.#values = values;
    this.#column = column;
    this.#ids = column ? idsOf(values, column.dictionary) : noIds;
    this.#always = always;
  }

  /** 0 = the row has no value, or null. */
  idOf(row: number): number {
    const column = this.#column;
    if (column === null) return this.#always;
    const code = column.codes[row];
    const id = this.#ids[code];
    if (id !== unknown) return id;
    return (this.#ids[code] = idOfValue(this.#values, column.dictionary.values[code]));
  }
}

/** The values seen of one property, by id; the list only grows. */
interface Values {
  readonly name: string;
  readonly list: PropertyValue[];
  /** Of texts by themselves, and of other values by their JSON: 1 and "1" are two. */
  readonly idByText: Map<string, number>;
  readonly idByJson: Map<string, number>;
  readonly idsByDictionary: WeakMap<ScanDictionary, Uint32Array>;
  /** What was handed out last: valid while nothing came in after it. */
  dictionary: ScanDictionary | null;
}

/** A code that nobody asked for yet. */
const unknown = 0xffff_ffff;

/**
 * Values of event properties over many dictionaries, numbered in the order in which rows are asked for
 * theirs. Only codes that are asked for are looked at: a dictionary of thousands costs nothing by itself.
 */
export class AttributedValues {
  readonly #source: ScanSource;
  readonly #all: readonly Values[];

  constructor(names: readonly string[], source: ScanSource) {
    this.#source = source;
    this.#all = names.map((name) => ({
      name,
      list: [null],
      idByText: new Map(),
      idByJson: new Map(),
      idsByDictionary: new WeakMap(),
      dictionary: null,
    }));
  }

  get count(): number {
    return this.#all.length;
  }

  readersOf(rows: EventRows): ValueReader[] {
    return this.#all.map((values) => this.#readerOf(values, rows));
  }

  /** Position of a property among those given. */
  indexOf(name: string): number {
    return this.#all.findIndex((values) => values.name === name);
  }

  /** The values by id. Equal objects, equal contents: what is made of them may be kept with them. */
  dictionaryOf(index: number): ScanDictionary {
    const values = this.#all[index];
    if (values.dictionary?.values.length !== values.list.length) {
      values.dictionary = new ListDictionary(values.list.slice());
    }
    return values.dictionary;
  }

  #readerOf(values: Values, rows: EventRows): ValueReader {
    if (values.name === eventNameProperty) {
      return new ValueReader(values, null, idOfValue(values, this.#source.eventNames[rows.event]));
    }
    return new ValueReader(values, rows.column(values.name) ?? null, 0);
  }
}

class ListDictionary implements ScanDictionary {
  readonly values: readonly PropertyValue[];
  #numbers: Float64Array | null = null;

  constructor(values: readonly PropertyValue[]) {
    this.values = values;
  }

  get numbers(): Float64Array {
    this.#numbers ??= Float64Array.from(this.values, (value) =>
      typeof value === 'number' ? value : NaN,
    );
    return this.#numbers;
  }
}

const noIds = new Uint32Array();

function idsOf(values: Values, dictionary: ScanDictionary): Uint32Array {
  let ids = values.idsByDictionary.get(dictionary);
  if (!ids) {
    ids = new Uint32Array(dictionary.values.length).fill(unknown);
    ids[0] = 0;
    values.idsByDictionary.set(dictionary, ids);
  }
  return ids;
}

function idOfValue({ list, idByText, idByJson }: Values, value: PropertyValue): number {
  if (value === null) return 0;
  const isText = typeof value === 'string';
  const ids = isText ? idByText : idByJson;
  // Members of objects may come in any order.
  const text = isText ? value : canonicalText(value);
  let id = ids.get(text);
  if (id === undefined) {
    id = list.push(value) - 1;
    ids.set(text, id);
  }
  return id;
}
