const slotMs = 1000;
const slots = 60;

/** How much there was in the last minute, to the second: a ring of sums, one a second. */
export class RollingMinute {
  readonly #sums = new Float64Array(slots);
  /** Number of the youngest second there is a sum of. */
  #last = 0;
  #total = 0;

  add(now: number, amount: number): void {
    this.#forget(now);
    this.#sums[this.#last % slots] = (this.#sums[this.#last % slots] ?? 0) + amount;
    this.#total += amount;
  }

  /** Of what was added at `at` nothing came in the end. */
  takeBack(now: number, at: number, amount: number): void {
    this.#forget(now);
    // What was added by a clock that had been set back lies in the second that was the youngest then; that one is near enough.
    const second = Math.min(this.#last, Math.floor(at / slotMs));
    if (this.#last - second >= slots) return;
    const slot = second % slots;
    const taken = Math.min(amount, this.#sums[slot] ?? 0);
    this.#sums[slot] = (this.#sums[slot] ?? 0) - taken;
    this.#total -= taken;
  }

  total(now: number): number {
    this.#forget(now);
    return this.#total;
  }

  /** ms until no more than `most` is left of the minute; 0 = it is so already. */
  msUntil(now: number, most: number): number {
    let left = this.total(now);
    for (let age = slots - 1; age >= 0 && left > most; age--) {
      const second = this.#last - age;
      left -= this.#sums[((second % slots) + slots) % slots] ?? 0;
      if (left <= most) return (second + slots) * slotMs - now;
    }
    return 0;
  }

  /** Leaves out the seconds that are over a minute old. A clock that was set back adds to the youngest. */
  #forget(now: number): void {
    const second = Math.max(this.#last, Math.floor(now / slotMs));
    const gone = Math.min(slots, second - this.#last);
    for (let i = 1; i <= gone; i++) {
      const slot = (this.#last + i) % slots;
      this.#total -= this.#sums[slot] ?? 0;
      this.#sums[slot] = 0;
    }
    this.#last = second;
    if (gone === slots) this.#total = 0;
  }
}
