import type { BirthLog } from './birth-log.ts';
import type { ReturnDays } from './return-days.ts';

/** What the returns of a part of a day are marked with. */
export interface MarkedDay {
  readonly births: BirthLog;
  readonly returns: ReturnDays;
  readonly dayStartMs: number;
  /** A birth is observed for so many units. */
  readonly unitCount: number;
}

/**
 * Unit n = the n-th calendar bucket after that of the birth; the part of the day lies in `bucket`. Births
 * too old for it are forgotten, as buckets ascend.
 */
export function markCalendar(
  { births, returns, dayStartMs, unitCount }: MarkedDay,
  bucket: number,
): void {
  const { touched, touchedCount } = returns;
  const { latest, todayFrom } = births;
  const previous = births.previous.array;
  const cohorts = births.cohorts.array;
  const times = births.times.array;
  for (let i = 0; i < touchedCount; i++) {
    const user = touched[i];
    let later = 0;
    for (let birth = latest[user]; birth !== 0; later = birth, birth = previous[birth - 1]) {
      const unit = bucket - cohorts[birth - 1];
      if (unit >= unitCount) {
        births.forget(user, later);
        break;
      }
      if (unit < 0) continue;
      // Only of the day of birth itself it is not clear what came first.
      const isSure = unit > 0 || birth <= todayFrom;
      if (isSure || returns.isAfterBirth(user, times[birth - 1] - dayStartMs)) {
        births.addReturn(birth - 1, unit);
      }
    }
  }
}

/**
 * Unit n = [birth + n·length, birth + (n + 1)·length), and a length has at least 24 hours (`isPlainPlan`): on a day
 * at most one unit ends, so that the first and the last return of the day say everything, and what
 * follows a birth on its own day is unit 0.
 */
export function markRolling(
  { births, returns, dayStartMs, unitCount }: MarkedDay,
  lengthMs: number,
): void {
  const { touched, touchedCount, firstTimes, lastTimes } = returns;
  const { latest, todayFrom } = births;
  const previous = births.previous.array;
  const times = births.times.array;
  for (let i = 0; i < touchedCount; i++) {
    const user = touched[i];
    let later = 0;
    for (let birth = latest[user]; birth !== 0; later = birth, birth = previous[birth - 1]) {
      const birthTime = times[birth - 1] - dayStartMs;
      if (birth > todayFrom) {
        if (returns.isAfterBirth(user, birthTime)) births.addReturn(birth - 1, 0);
        continue;
      }
      const first = Math.floor((firstTimes[user] - birthTime) / lengthMs);
      if (first >= unitCount) {
        births.forget(user, later);
        break;
      }
      births.addReturn(birth - 1, first);
      const last = Math.floor((lastTimes[user] - birthTime) / lengthMs);
      if (last > first && last < unitCount) births.addReturn(birth - 1, last);
    }
  }
}
