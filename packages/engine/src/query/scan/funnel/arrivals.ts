/**
 * Attempts that come to one level on one day, of a range of users: runs of users, in each the order of time.
 * The day's rows of a step have the same shape, as `StepRows`; those of the first step are arrivals too.
 */
export class Arrivals {
  users = new Uint32Array(64);
  starts = new Uint32Array(64);
  /** When, in ms since the start of the day. */
  times = new Uint32Array(64);
  /** Times of the steps of arrival i, ms UTC, from i × timeCount on; the first is its entry. */
  paths: Float64Array;
  /** Values that arrival i is attributed with, from i × valueCount on. */
  values: Uint32Array;
  readonly firstRun = 0;
  endRun = 0;
  count = 0;
  readonly timeCount: number;
  readonly valueCount: number;

  constructor(timeCount: number, valueCount: number) {
    this.timeCount = timeCount;
    this.valueCount = valueCount;
    this.paths = new Float64Array(64 * timeCount);
    this.values = new Uint32Array(64 * valueCount);
  }

  clear(): void {
    this.endRun = 0;
    this.count = 0;
  }

  /** Room for an arrival at `time`: returns its number. The caller writes its path and values. */
  push(time: number): number {
    if (this.count === this.times.length) {
      this.times = grown(this.times, new Uint32Array(this.times.length * 2));
      this.paths = grown(this.paths, new Float64Array(this.paths.length * 2));
      this.values = grown(this.values, new Uint32Array(this.values.length * 2));
    }
    this.times[this.count] = time;
    return this.count++;
  }

  /** The arrivals from number `start` on, if there are any, are those of a user. */
  endRunOf(ordinal: number, start: number): void {
    if (start === this.count) return;
    if (this.endRun + 1 === this.users.length) {
      this.users = grown(this.users, new Uint32Array(this.users.length * 2));
      this.starts = grown(this.starts, new Uint32Array(this.starts.length * 2));
    }
    this.users[this.endRun] = ordinal;
    this.starts[this.endRun++] = start;
    this.starts[this.endRun] = this.count;
  }
}

function grown<T extends Uint32Array | Float64Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
