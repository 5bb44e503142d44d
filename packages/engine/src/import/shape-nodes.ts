import { limits } from '@arbor/schema/limits';
import { GrowableUint32 } from '../base/growable.ts';
import { memberKinds } from './import-names.ts';

/**
 * Which members records have, as paths in a tree: a node is a beginning of a record's list of members, its
 * number the record's *shape*. Node 0 is the empty list.
 */
export class ShapeNodes {
  /** Property of the last member, by node. */
  readonly properties = new GrowableUint32();
  /** Kind of the last member, by node; odd where the record is for another reason. */
  readonly kinds = new GrowableUint32();
  readonly #parents = new GrowableUint32();
  readonly #depths = new GrowableUint32();
  readonly #children = new Map<number, number>();

  constructor() {
    this.#add(0, 0, memberKinds.ignored);
  }

  get count(): number {
    return this.properties.length;
  }

  /** The node of a record with one more member. */
  child(node: number, property: number, kind: number): number {
    const key = property * 2 ** 32 + node;
    let child = this.#children.get(key);
    if (child === undefined) {
      // JSON takes the last of two members of one name, and too many are refused: neither is for us to judge.
      const isOdd =
        this.#has(node, property) || this.#depths.array[node] >= limits.propertiesPerEventMax;
      child = this.#add(node, property, isOdd ? memberKinds.odd : kind);
      this.#children.set(key, child);
    }
    return child;
  }

  /** Properties that are stored of records of this shape, in their order. */
  storedProperties(node: number): Uint32Array {
    const stored: number[] = [];
    for (let at = node; at !== 0; at = this.#parents.array[at]) {
      if (isStored(this.kinds.array[at])) stored.push(this.properties.array[at]);
    }
    return Uint32Array.from(stored.reverse());
  }

  #has(node: number, property: number): boolean {
    for (let at = node; at !== 0; at = this.#parents.array[at]) {
      if (this.properties.array[at] === property) return true;
    }
    return false;
  }

  #add(parent: number, property: number, kind: number): number {
    const node = this.count;
    this.properties.push(property);
    this.kinds.push(kind);
    this.#parents.push(parent);
    this.#depths.push(node === 0 ? 0 : this.#depths.array[parent] + 1);
    return node;
  }
}

const isStored = (kind: number): boolean =>
  kind === memberKinds.value || kind === memberKinds.device || kind === memberKinds.user;
