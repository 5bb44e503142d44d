import type { AttemptArrays, AttemptShape } from './attempt-table.ts';
import type { AttemptsOver } from './attempts-over.ts';
import type { FollowRules } from './follower.ts';
import type { ValueRule } from './value-rule.ts';

/** The attempt of each user of a range, where one follows on the other. */
export class FirstEntryState {
  readonly stepCount: number;
  readonly windowMs: number;
  readonly valueRule: ValueRule;
  readonly timeCount: number;
  readonly valueCount: number;
  readonly numberCount: number;
  readonly heldCount: number;
  userCount = 0;
  /** Where attempts go that are over; null = a user has one, and no further. */
  over: AttemptsOver | null = null;
  /** Steps reached; 0 = no attempt is under way. */
  levels = new Uint8Array(0);
  /** Ms UTC of the entry. */
  entryTimes = new Float64Array(0);
  /** Ms UTC of the last step reached, and at level 0 of the last step of the attempt before. */
  lastTimes = new Float64Array(0);
  own: AttemptArrays = attemptArrays(0, { timeCount: 0, valueCount: 0, numberCount: 0 });
  /** Values of the entry that every step must have: property h of a user at user × heldCount + h. */
  held = new Uint32Array(0);

  constructor(
    { stepCount, windowMs, values, heldCount }: FollowRules,
    { timeCount, valueCount, numberCount }: AttemptShape,
  ) {
    this.stepCount = stepCount;
    this.windowMs = windowMs;
    this.valueRule = values;
    this.timeCount = timeCount;
    this.valueCount = valueCount;
    this.numberCount = numberCount;
    this.heldCount = heldCount;
  }

  /** Forgets everything. Entry, times and values of level 0 are never read. */
  begin(userCount: number, over: AttemptsOver | null): void {
    this.userCount = userCount;
    this.over = over;
    if (userCount > this.levels.length) {
      this.levels = new Uint8Array(userCount);
      this.entryTimes = new Float64Array(userCount);
      this.lastTimes = new Float64Array(userCount);
      this.own = attemptArrays(userCount, this);
      this.held = new Uint32Array(userCount * this.heldCount);
    }
    this.levels.fill(0, 0, userCount);
    this.lastTimes.fill(-Infinity, 0, userCount);
  }

  /** A step is reached; its values and its number are the caller's to write, before this. */
  reach(user: number, timeMs: number): void {
    const level = this.levels[user];
    if (level === 0) this.entryTimes[user] = timeMs;
    if (level < this.timeCount) this.own.times[user * this.timeCount + level] = timeMs;
    this.lastTimes[user] = timeMs;
    this.levels[user] = level + 1;
    if (level + 1 === this.stepCount) this.end(user);
  }

  /** The attempt is over: another may follow where attempts are collected. */
  end(user: number): void {
    if (this.over === null) return;
    this.over.add(user, this.levels[user], this.own);
    this.levels[user] = 0;
  }
}

function attemptArrays(
  userCount: number,
  { timeCount, valueCount, numberCount }: AttemptShape,
): AttemptArrays {
  return {
    times: new Float64Array(userCount * timeCount),
    values: new Uint32Array(userCount * valueCount),
    numbers: new Float64Array(userCount * numberCount),
  };
}
