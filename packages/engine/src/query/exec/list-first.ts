/**
 * The first of many things in an order, with room for twice as many as are wanted: most things are compared once,
 * with the last that still comes into question.
 */
export class FirstThings {
  readonly #count: number;
  readonly #compare: (thing: number, other: number) => number;
  #things: number[] = [];
  #last: number | null = null;

  constructor(count: number, compare: (thing: number, other: number) => number) {
    this.#count = count;
    this.#compare = compare;
  }

  add(thing: number): void {
    if (this.#last !== null && this.#compare(thing, this.#last) > 0) return;
    this.#things.push(thing);
    if (this.#things.length >= 2 * this.#count) this.sorted();
  }

  /** Those that come first of all that were added, in order. */
  sorted(): readonly number[] {
    this.#things.sort(this.#compare);
    if (this.#things.length >= this.#count) {
      this.#things.length = this.#count;
      this.#last = this.#things[this.#count - 1];
    }
    return this.#things;
  }
}
