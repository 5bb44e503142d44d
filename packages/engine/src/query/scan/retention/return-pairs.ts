import { GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';

/**
 * What the users of a range came back with, birth by birth: a pair is a birth with one value that its returns have,
 * and knows in which units of time they have it. Where numbers are summed up, it has cells as well: what the numbers of
 * a unit come to.
 *
 * Returns of a user come day by day, so those of one unit lie together: the cell that was added last is mostly the one
 * that the next number belongs to. A unit may have several cells all the same; their sums add up.
 */
export class ReturnPairs {
  count = 0;
  /** By birth: its latest pair + 1; 0 = none. */
  readonly latest = new GrowableUint32();
  readonly births = new GrowableUint32();
  /** Ids of values; 0 = none. */
  readonly values = new GrowableUint32();
  /** By pair: the one before it of the same birth, + 1; 0 = none. */
  readonly previous = new GrowableUint32();
  /** Units with a return, laid out like `BirthLog.returned`. */
  readonly returned = new GrowableUint32();
  readonly wordCount: number;
  /** By pair: its latest cell + 1; 0 = none. */
  readonly latestCells = new GrowableUint32();
  /** By cell: the one before it of the same pair, + 1; 0 = none. */
  readonly previousCells = new GrowableUint32();
  readonly units = new GrowableUint32();
  readonly sums = new GrowableFloat64();
  /** What rounding took from each sum (Neumaier). */
  readonly corrections = new GrowableFloat64();
  /** Open addressing over (birth, value): pair + 1, 0 = free. Its length is a power of two, at most half is taken. */
  #table = new Uint32Array(1024);

  constructor(unitCount: number) {
    this.wordCount = Math.ceil(unitCount / 32);
  }

  /** Forgets everything, for another range of users. */
  begin(): void {
    if (this.count > 0) this.#table.fill(0);
    this.count = 0;
    this.latest.array.fill(0, 0, this.latest.length);
    const lists = [this.births, this.values, this.previous, this.returned, this.latestCells];
    const cells = [this.previousCells, this.units, this.sums, this.corrections];
    for (const list of [this.latest, ...lists, ...cells]) list.length = 0;
  }

  /** Births below `count` may have returns from now on. */
  reach(count: number): void {
    this.latest.extendTo(count);
  }

  /** The pair of a birth and a value, which is made where it is new. */
  of(birth: number, value: number): number {
    const latest = this.latest.array[birth];
    // Mostly somebody comes back with what he came back with before.
    if (latest !== 0 && this.values.array[latest - 1] === value) return latest - 1;
    const mask = this.#table.length - 1;
    let place = placeOf(birth, value) & mask;
    for (let known = this.#table[place]; known !== 0; known = this.#table[place]) {
      if (this.births.array[known - 1] === birth && this.values.array[known - 1] === value) {
        return known - 1;
      }
      place = (place + 1) & mask;
    }
    return this.#add(birth, value, place);
  }

  addReturn(pair: number, unit: number): void {
    this.returned.array[pair * this.wordCount + (unit >>> 5)] |= 1 << (unit & 31);
  }

  addNumber(pair: number, unit: number, number: number): void {
    const latest = this.latestCells.array[pair];
    if (latest === 0 || this.units.array[latest - 1] !== unit) {
      this.previousCells.push(latest);
      this.units.push(unit);
      this.sums.push(number);
      this.corrections.push(0);
      this.latestCells.array[pair] = this.units.length;
      return;
    }
    const sums = this.sums.array;
    const before = sums[latest - 1];
    const after = before + number;
    this.corrections.array[latest - 1] +=
      Math.abs(before) >= Math.abs(number) ? before - after + number : number - after + before;
    sums[latest - 1] = after;
  }

  #add(birth: number, value: number, place: number): number {
    const pair = this.count++;
    this.births.push(birth);
    this.values.push(value);
    this.previous.push(this.latest.array[birth]);
    this.latestCells.push(0);
    for (let word = 0; word < this.wordCount; word++) this.returned.push(0);
    this.latest.array[birth] = pair + 1;
    this.#table[place] = pair + 1;
    if (this.count * 2 > this.#table.length) this.#grow();
    return pair;
  }

  #grow(): void {
    const table = new Uint32Array(this.#table.length * 2);
    const mask = table.length - 1;
    const births = this.births.array;
    const values = this.values.array;
    for (let pair = 0; pair < this.count; pair++) {
      let place = placeOf(births[pair], values[pair]) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = pair + 1;
    }
    this.#table = table;
  }
}

/** Spreads both over all bits; the lowest ones are taken, into which the upper ones are folded. */
function placeOf(birth: number, value: number): number {
  const mixed = Math.imul(birth, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
