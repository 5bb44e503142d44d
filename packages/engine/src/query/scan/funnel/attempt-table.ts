import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';

/** What of an attempt is kept beside its user. */
export interface AttemptShape {
  /** Times of the steps kept: of every step, or (1) of the entry alone. */
  readonly timeCount: number;
  /** Event properties that attempts are attributed with. */
  readonly valueCount: number;
  /** Numbers that are summed up: one for every step, or none. */
  readonly numberCount: number;
}

/** Times, values and numbers of things by their number, laid out as in `AttemptTable`. */
export interface AttemptArrays {
  readonly times: Float64Array;
  readonly values: Uint32Array;
  readonly numbers: Float64Array;
}

/** Attempts that are over, or were looked at long enough, in the order in which they were added. */
export class AttemptTable {
  readonly shape: AttemptShape;
  readonly users = new GrowableUint32();
  /** Steps reached, at least 1. */
  readonly levels = new GrowableBytes();
  /** Ms UTC of step s of attempt a: times[a × timeCount + s]; anything where it was not reached. */
  readonly times = new GrowableFloat64();
  /** Id of value v of attempt a: values[a × valueCount + v]; 0 = no step reached has it. */
  readonly values = new GrowableUint32();
  /** Number of step s of attempt a, NaN = none: numbers[a × numberCount + s]; anything where it was not reached. */
  readonly numbers = new GrowableFloat64();

  constructor(shape: AttemptShape) {
    this.shape = shape;
  }

  get valueCount(): number {
    return this.shape.valueCount;
  }

  get count(): number {
    return this.users.length;
  }

  /** Copies times, values and numbers of number `index` of things that are kept side by side as here. */
  add(user: number, level: number, from: AttemptArrays, index: number): void {
    this.users.push(user);
    this.levels.push(level);
    const { timeCount, valueCount, numberCount } = this.shape;
    this.times.reserve(timeCount);
    const times = this.times.array;
    const timeAt = this.times.length;
    for (let i = 0; i < timeCount; i++) times[timeAt + i] = from.times[index * timeCount + i];
    this.times.length += timeCount;
    this.values.reserve(valueCount);
    const values = this.values.array;
    const valueAt = this.values.length;
    for (let i = 0; i < valueCount; i++) values[valueAt + i] = from.values[index * valueCount + i];
    this.values.length += valueCount;
    this.numbers.reserve(numberCount);
    const numbers = this.numbers.array;
    const numberAt = this.numbers.length;
    for (let i = 0; i < numberCount; i++) {
      numbers[numberAt + i] = from.numbers[index * numberCount + i];
    }
    this.numbers.length += numberCount;
  }

  clear(): void {
    this.users.length = 0;
    this.levels.length = 0;
    this.times.length = 0;
    this.values.length = 0;
    this.numbers.length = 0;
  }
}
