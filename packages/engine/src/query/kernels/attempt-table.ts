/** Attempts of a funnel, as they are found: the table grows. */
export class AttemptTable {
  readonly stepCount: number;
  count = 0;
  /** By attempt: its user, the slot of its stream, the period of its entry. */
  users = new Uint32Array(0);
  slots = new Uint32Array(0);
  periods = new Uint32Array(0);
  /** By attempt, by step: view row, −1 where the step was not reached. */
  stepRows = new Int32Array(0);
  /** 1 = spoilt by an exclusion, 2 = after it had reached the last step of that. */
  spoilt = new Uint8Array(0);
  /** 1 where nothing more can come of it, whatever its window says. */
  ended = new Uint8Array(0);

  constructor(stepCount: number) {
    this.stepCount = stepCount;
  }

  /** Place for one more; its steps are all −1. */
  add(): number {
    if (this.count === this.users.length) this.#grow(Math.max(64, 2 * this.count));
    const attempt = this.count++;
    const base = attempt * this.stepCount;
    this.stepRows.fill(-1, base, base + this.stepCount);
    return attempt;
  }

  #grow(capacity: number): void {
    const { users, slots, periods, stepRows, spoilt, ended } = this;
    this.users = new Uint32Array(capacity);
    this.users.set(users);
    this.slots = new Uint32Array(capacity);
    this.slots.set(slots);
    this.periods = new Uint32Array(capacity);
    this.periods.set(periods);
    this.stepRows = new Int32Array(capacity * this.stepCount);
    this.stepRows.set(stepRows);
    this.spoilt = new Uint8Array(capacity);
    this.spoilt.set(spoilt);
    this.ended = new Uint8Array(capacity);
    this.ended.set(ended);
  }
}
