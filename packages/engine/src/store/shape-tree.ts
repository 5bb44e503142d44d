import { GrowableUint32 } from '../base/growable.ts';
import { PropertyDictionary } from './property-dictionary.ts';

/**
 * Lists of property names that events have ("shapes"), as a tree of prefixes: a shape is a node, its
 * parent the same list without the last name. A row then needs one number for its names and one
 * for each value, however many properties the project has.
 */
export class ShapeTree {
  readonly #properties = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #dictionaries: PropertyDictionary[] = [];
  readonly #parents = new GrowableUint32();
  /** Property number of the last name, by node; node 0 is the empty shape. */
  readonly #lastProperties = new GrowableUint32();
  readonly #depths = new GrowableUint32();
  /** Node by parent and property. */
  readonly #children = new Map<number, number>();

  constructor() {
    this.#addNode(0, 0, 0);
  }

  /** The node of a list of property names. */
  shape(names: readonly string[]): number {
    let node = 0;
    for (const name of names) node = this.#child(node, this.#property(name));
    return node;
  }

  /** Dictionaries of the properties of a shape, in its order. */
  dictionaries(shape: number): PropertyDictionary[] {
    const list: PropertyDictionary[] = [];
    for (let node = shape; node !== 0; node = this.#parents.array[node]) {
      list.push(this.#dictionaries[this.#lastProperties.array[node]]);
    }
    return list.reverse();
  }

  /** Names of a shape, in its order. */
  names(shape: number): string[] {
    const list: string[] = [];
    for (let node = shape; node !== 0; node = this.#parents.array[node]) {
      list.push(this.#names[this.#lastProperties.array[node]]);
    }
    return list.reverse();
  }

  dictionary(name: string): PropertyDictionary | undefined {
    const property = this.#properties.get(name);
    return property === undefined ? undefined : this.#dictionaries[property];
  }

  /** Every property with its dictionary, in order of first sight. */
  *properties(): Generator<readonly [name: string, dictionary: PropertyDictionary]> {
    for (let i = 0; i < this.#names.length; i++) yield [this.#names[i], this.#dictionaries[i]];
  }

  /** By shape: where in a row's values the property stands, or -1. A parent comes before its children. */
  places(name: string): Int32Array {
    const places = new Int32Array(this.#parents.length);
    places[0] = -1;
    const property = this.#properties.get(name);
    const parents = this.#parents.array;
    const last = this.#lastProperties.array;
    const depths = this.#depths.array;
    for (let node = 1; node < places.length; node++) {
      places[node] = last[node] === property ? depths[node] - 1 : places[parents[node]];
    }
    return places;
  }

  #property(name: string): number {
    let property = this.#properties.get(name);
    if (property === undefined) {
      property = this.#names.length;
      this.#properties.set(name, property);
      this.#names.push(name);
      this.#dictionaries.push(new PropertyDictionary());
    }
    return property;
  }

  #child(parent: number, property: number): number {
    // Both stay far under their halves of 53 bits.
    const key = parent * 2 ** 24 + property;
    let node = this.#children.get(key);
    if (node === undefined) {
      node = this.#addNode(parent, property, this.#depths.array[parent] + 1);
      this.#children.set(key, node);
    }
    return node;
  }

  #addNode(parent: number, property: number, depth: number): number {
    this.#parents.push(parent);
    this.#lastProperties.push(property);
    this.#depths.push(depth);
    return this.#parents.length - 1;
  }
}
