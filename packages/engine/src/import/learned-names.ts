import type { PropertyValue } from '@arbor/schema/property-value';
import type { EventLineParser } from './event-line-parser.ts';
import { type ValuesInOrder, valuesInOrder } from '../format/segment/sorted-values.ts';
import type { ImportNames } from './build-day.ts';

/** What a parser learnt since it was asked last, for a copy of its names on another thread. */
export interface LearnedNames {
  readonly events: readonly string[];
  readonly properties: readonly string[];
  readonly shapes: readonly Uint32Array[];
  /** Values that were known before are forgotten. */
  readonly isFresh: boolean;
  /** By property, behind those that are known. */
  readonly values: readonly {
    readonly property: number;
    readonly values: readonly PropertyValue[];
  }[];
}

/** Remembers how much of a parser's names was told. */
export class NamesTeller {
  readonly #parser: EventLineParser;
  #events = 0;
  #properties = 0;
  #shapes = 0;
  #isFresh = true;
  /** By property: how many values were told. */
  #values: number[] = [];

  constructor(parser: EventLineParser) {
    this.#parser = parser;
  }

  learned(): LearnedNames {
    const { eventNames, propertyNames, shapes, dictionaries } = this.#parser;
    const learned = {
      events: eventNames.list.slice(this.#events),
      properties: propertyNames.list.slice(this.#properties),
      shapes: Array.from({ length: shapes.count - this.#shapes }, (_, i) =>
        shapes.storedProperties(this.#shapes + i),
      ),
      isFresh: this.#isFresh,
      values: dictionaries.flatMap((dictionary, property) => {
        const told = this.#values[property] ?? 0;
        const values = dictionary?.values.slice(told) ?? [];
        return values.length === 0 ? [] : [{ property, values }];
      }),
    };
    this.#events = eventNames.list.length;
    this.#properties = propertyNames.list.length;
    this.#shapes = shapes.count;
    this.#isFresh = false;
    this.#values = dictionaries.map((dictionary) => dictionary?.values.length ?? 0);
    return learned;
  }

  /** Makes the parser forget its values, and whoever learns from here on. */
  forgetValues(): void {
    this.#parser.forgetValues();
    this.#values = [];
    this.#isFresh = true;
  }
}

/** More values than these are seldom those of every day, and their order takes as much memory again. */
const inOrderMax = 65_536;

/** The names of a parser on another thread. */
export class NamesMirror implements ImportNames {
  readonly events: string[] = [];
  readonly properties: string[] = [];
  readonly shapes: Uint32Array[] = [];
  values: PropertyValue[][] = [];
  /** By property, of so many values. */
  #inOrder: ({ readonly count: number; readonly order: ValuesInOrder } | undefined)[] = [];

  /** Sorted once for all days of a chunk: days mostly have the same values. */
  inOrder(property: number): ValuesInOrder | undefined {
    const values = this.values[property] ?? [];
    if (values.length > inOrderMax) return undefined;
    let kept = this.#inOrder[property];
    if (kept?.count !== values.length) {
      kept = { count: values.length, order: valuesInOrder(values) };
      this.#inOrder[property] = kept;
    }
    return kept.order;
  }

  learn({ events, properties, shapes, isFresh, values }: LearnedNames): void {
    for (const event of events) this.events.push(event);
    for (const property of properties) this.properties.push(property);
    for (const shape of shapes) this.shapes.push(shape);
    if (isFresh) {
      this.values = [];
      this.#inOrder = [];
    }
    for (const { property, values: added } of values) {
      const list = (this.values[property] ??= []);
      for (const value of added) list.push(value);
    }
  }
}
