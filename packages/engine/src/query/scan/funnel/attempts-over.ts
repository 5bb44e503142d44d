import { GrowableUint32 } from '../../../base/growable.ts';
import { AttemptTable } from './attempt-table.ts';
import type { AttemptArrays, AttemptShape } from './attempt-table.ts';

/** How many segments of a user are looked through: most users have fewer, and nobody may cost their square. */
const lookedThroughMax = 8;

/**
 * Attempts that are over while further ones of the same users follow. Where a user counts once in a segment
 * (5.9), an attempt with the value of an earlier one is left out, if that is found quickly.
 */
export class AttemptsOver {
  readonly table: AttemptTable;
  readonly #base: number;
  /** Which of the attributed values the breakdown is by; null = every attempt counts. */
  readonly #valueAt: number | null;
  /** By user of the range: its latest attempt in the table + 1; 0 = none. Empty where every attempt counts. */
  readonly #latest: Uint32Array;
  /** By attempt: the one before it of the same user, likewise. */
  readonly #previous = new GrowableUint32();

  /** User 0 of the range has the ordinal `base`. */
  constructor(shape: AttemptShape, base: number, userCount: number, valueAt: number | null) {
    this.table = new AttemptTable(shape);
    this.#base = base;
    this.#valueAt = valueAt;
    this.#latest = new Uint32Array(valueAt === null ? 0 : userCount);
  }

  /** `own`: of every user of the range. */
  add(user: number, level: number, own: AttemptArrays): void {
    if (this.#valueAt === null) {
      this.table.add(this.#base + user, level, own, user);
      return;
    }
    const { valueCount } = this.table.shape;
    if (this.#isKnown(user, own.values[user * valueCount + this.#valueAt], this.#valueAt)) return;
    this.#previous.push(this.#latest[user]);
    this.table.add(this.#base + user, level, own, user);
    this.#latest[user] = this.table.count;
  }

  #isKnown(user: number, value: number, valueAt: number): boolean {
    const { valueCount } = this.table.shape;
    const values = this.table.values.array;
    let attempt = this.#latest[user];
    for (let n = 0; attempt !== 0 && n < lookedThroughMax; n++) {
      if (values[(attempt - 1) * valueCount + valueAt] === value) return true;
      attempt = this.#previous.array[attempt - 1];
    }
    return false;
  }
}
