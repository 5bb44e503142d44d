import { assignBuckets } from '../kernels/assign-buckets.ts';
import { calendarBuckets } from '../plan/calendar.ts';
import type { CalendarBucket } from '../plan/calendar.ts';
import type { ZonePlan } from '../plan/plan-types.ts';

const dayMs = 86_400_000;

/** The days of the project's zone that rows lie in. */
export interface LocalDays {
  /** By row, ascending with time; days without rows may have no number. */
  readonly dayOf: Int32Array;
  /** By day: 1 where it begins as the day before in this list ends. */
  readonly follows: Uint8Array;
}

/** The calendar is dear to ask, and every range of users has the same days. A thread keeps some hundred years of them. */
const daysKnownMax = 50_000;
const daysKnown = new Map<string, readonly CalendarBucket[]>();

export function localDays(times: Float64Array, zone: ZonePlan): LocalDays {
  const days = daysOf(times, zone);
  const dayOf = new Int32Array(times.length);
  if (days.length === 0) return { dayOf, follows: new Uint8Array(0) };
  // No row lies between two days of the list: those that lie side by side need no edge in between.
  const edges = Float64Array.from([...days.map(({ startMs }) => startMs), days.at(-1)!.endMs]);
  assignBuckets(times, edges, dayOf);
  const follows = Uint8Array.from(days, ({ startMs }, n) =>
    Number(n > 0 && days[n - 1].endMs === startMs),
  );
  return { dayOf, follows };
}

/** Ascending, each once. */
function daysOf(times: Float64Array, zone: ZonePlan): CalendarBucket[] {
  const utcDays = new Set<number>();
  let last = NaN;
  for (let row = 0; row < times.length; row++) {
    const day = Math.floor(times[row] / dayMs);
    if (day === last) continue;
    utcDays.add(day);
    last = day;
  }
  const byStart = new Map<number, CalendarBucket>();
  for (const utcDay of utcDays) {
    for (const day of localDaysTouching(utcDay, zone)) byStart.set(day.startMs, day);
  }
  return [...byStart.values()].sort((left, right) => left.startMs - right.startMs);
}

/** The local days that a day of UTC touches, ascending. */
export function localDaysTouching(utcDay: number, zone: ZonePlan): readonly CalendarBucket[] {
  const key = `${zone.timezone} ${utcDay}`;
  const known = daysKnown.get(key);
  if (known !== undefined) return known;
  if (daysKnown.size >= daysKnownMax) daysKnown.clear();
  const range = { startMs: utcDay * dayMs, endMs: (utcDay + 1) * dayMs };
  const days = calendarBuckets(range, 'day', zone);
  daysKnown.set(key, days);
  return days;
}
