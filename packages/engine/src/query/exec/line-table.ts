/** Up to this many pairs (slot, group) a table of all of them is smaller than a map of those that occur. */
const denseMax = 2 ** 20;

/** Numbers the pairs (slot, group) that occur from 0 on: most segments are in few cohorts or buckets. */
export class LineTable {
  /** By line. */
  readonly slots: number[] = [];
  readonly groups: number[] = [];
  readonly #groupCount: number;
  /** Line + 1 by pair; 0 = has none yet. */
  readonly #dense: Uint32Array | null;
  readonly #sparse = new Map<number, number>();

  constructor(slotCount: number, groupCount: number) {
    this.#groupCount = groupCount;
    const pairs = slotCount * groupCount;
    this.#dense = pairs <= denseMax ? new Uint32Array(pairs) : null;
  }

  get count(): number {
    return this.slots.length;
  }

  line(slot: number, group: number): number {
    const pair = slot * this.#groupCount + group;
    const known = this.#dense ? this.#dense[pair] - 1 : (this.#sparse.get(pair) ?? -1);
    if (known >= 0) return known;
    const line = this.slots.push(slot) - 1;
    this.groups.push(group);
    if (this.#dense) this.#dense[pair] = line + 1;
    else this.#sparse.set(pair, line);
    return line;
  }

  /** The lines by slot, groups ascending within each. */
  bySlot(slotCount: number): number[][] {
    const lists = Array.from({ length: slotCount }, (): number[] => []);
    const ordered = this.groups
      .map((_, line) => line)
      .sort((left, right) => this.groups[left] - this.groups[right]);
    for (const line of ordered) lists[this.slots[line]].push(line);
    return lists;
  }
}
