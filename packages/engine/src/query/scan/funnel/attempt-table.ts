import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';

/** What of an attempt is kept beside its user. */
export interface AttemptShape {
  /** Times of the steps kept: of every step, or (1) of the entry alone. */
  readonly timeCount: number;
  /** Event properties that attempts are attributed with. */
  readonly valueCount: number;
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

  constructor(shape: AttemptShape) {
    this.shape = shape;
  }

  get valueCount(): number {
    return this.shape.valueCount;
  }

  get count(): number {
    return this.users.length;
  }

  /** Copies `timeCount` times from `times[timeAt]` on, and `valueCount` values likewise. */
  add(
    user: number,
    level: number,
    from: {
      readonly times: Float64Array;
      readonly timeAt: number;
      readonly values: Uint32Array;
      readonly valueAt: number;
    },
  ): void {
    this.users.push(user);
    this.levels.push(level);
    const { timeCount, valueCount } = this.shape;
    for (let step = 0; step < timeCount; step++) this.times.push(from.times[from.timeAt + step]);
    for (let v = 0; v < valueCount; v++) this.values.push(from.values[from.valueAt + v]);
  }

  clear(): void {
    this.users.length = 0;
    this.levels.length = 0;
    this.times.length = 0;
    this.values.length = 0;
  }
}
