import type { TimeUnit } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { Calendar } from '../../src/query/plan/calendar.ts';

/**
 * The calendar of the model: it looks at every half hour and asks `Intl` what the clock on the wall
 * says. Offsets of the tested zones change on full half hours only.
 */
const slotMs = 1_800_000;
const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Every test lies inside, with room for quarters that roll before, the intervals of a retention and the same months a year after. */
const firstMs = Date.UTC(2022, 9, 1);
const lastMs = Date.UTC(2025, 7, 1);

interface Slot {
  readonly startMs: number;
  /** YYYY-MM-DD on the wall. */
  readonly date: string;
  readonly hour: string;
  /** +01:00 */
  readonly offset: string;
  readonly minute: string;
}

const slotsByZone = new Map<string, readonly Slot[]>();

function slots(timezone: string): readonly Slot[] {
  let known = slotsByZone.get(timezone);
  if (!known) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'longOffset',
    });
    const made: Slot[] = [];
    for (let startMs = firstMs; startMs < lastMs; startMs += slotMs) {
      const part = Object.fromEntries(
        format.formatToParts(startMs).map(({ type, value }) => [type, value]),
      );
      made.push({
        startMs,
        date: `${part['year']}-${part['month']}-${part['day']}`,
        hour: String(part['hour']),
        minute: String(part['minute']),
        offset: part['timeZoneName'] === 'GMT' ? '+00:00' : String(part['timeZoneName']).slice(3),
      });
    }
    known = made;
    slotsByZone.set(timezone, known);
  }
  return known;
}

export interface NaiveBucket {
  readonly start: string;
  readonly startMs: number;
  readonly endMs: number;
}

const bucketsByCalendar = new Map<string, readonly NaiveBucket[]>();

/** All whole buckets of the tested time; of minutes there are too many. */
export function wholeBuckets(
  unit: TimeUnit,
  timezone: string,
  weekStart: number,
  quarterStart = 1,
): readonly NaiveBucket[] {
  // Cut once for all settings that are of no matter to the unit.
  const own = unit === 'week' ? weekStart : unit === 'quarter' ? quarterStart : '';
  const key = `${unit} ${timezone} ${own}`;
  const buckets =
    bucketsByCalendar.get(key) ?? makeBuckets(unit, timezone, { weekStart, quarterStart });
  bucketsByCalendar.set(key, buckets);
  return buckets;
}

/** Whole buckets of any unit: at least those of a range and of the day before it. */
export function bucketsNear(
  unit: TimeUnit,
  { timezone, weekStart, quarterStart }: Calendar,
  range: NaiveRange,
): readonly NaiveBucket[] {
  if (unit !== 'minute') return wholeBuckets(unit, timezone, weekStart, quarterStart);
  return slots(timezone)
    .filter(({ startMs }) => startMs > range.startMs - dayMs && startMs < range.endMs)
    .flatMap((slot) =>
      Array.from({ length: 30 }, (_, n) => {
        const startMs = slot.startMs + n * minuteMs;
        const minute = String(Number(slot.minute) + n).padStart(2, '0');
        const start = `${slot.date}T${slot.hour}:${minute}:00${slot.offset}`;
        return { start, startMs, endMs: startMs + minuteMs };
      }),
    );
}

type Weeks = Required<Pick<Calendar, 'weekStart' | 'quarterStart'>>;

function makeBuckets(unit: TimeUnit, timezone: string, weeks: Weeks): NaiveBucket[] {
  const buckets: { start: string; startMs: number; endMs: number; key: string }[] = [];
  let before: Slot | undefined;
  for (const slot of slots(timezone)) {
    const last = buckets.at(-1);
    const isSameDay = unit !== 'hour' && slot.date === before?.date;
    const key = isSameDay && last ? last.key : bucketKey(slot, unit, weeks);
    before = slot;
    if (last?.key === key) last.endMs = slot.startMs + slotMs;
    else {
      const start = `${slot.date}T${slot.hour}:${slot.minute}:00${slot.offset}`;
      buckets.push({ key, start, startMs: slot.startMs, endMs: slot.startMs + slotMs });
    }
  }
  return buckets;
}

function bucketKey(slot: Slot, unit: TimeUnit, { weekStart, quarterStart }: Weeks): string {
  if (unit === 'hour') return `${slot.date} ${slot.hour} ${slot.offset}`;
  if (unit === 'day') return slot.date;
  if (unit === 'month') return slot.date.slice(0, 7);
  if (unit === 'year') return slot.date.slice(0, 4);
  if (unit === 'quarter') {
    const months = 12 * Number(slot.date.slice(0, 4)) + Number(slot.date.slice(5, 7));
    return String(Math.floor((months - quarterStart) / 3));
  }
  if (unit === 'minute') throw new Error('minutes are made near a range: `bucketsNear`');
  // The date of the week's first day: go back until the weekday fits.
  let day = Date.parse(`${slot.date}T00:00:00Z`);
  while ((new Date(day).getUTCDay() || 7) !== weekStart) day -= dayMs;
  return new Date(day).toISOString();
}

export interface NaiveRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** Dates are local days, both inside; times carry their offset. */
export function naiveRange(from: string, to: string, timezone: string): NaiveRange {
  const days = wholeBuckets('day', timezone, 1);
  const startMs = from.includes('T')
    ? Date.parse(from)
    : days.find((day) => day.start.startsWith(from))?.startMs;
  const endMs = to.includes('T')
    ? Date.parse(to) + 1
    : days.find((day) => day.start.startsWith(to))?.endMs;
  if (startMs === undefined || endMs === undefined) throw new Error(`outside: ${from} ${to}`);
  return { startMs, endMs };
}

export function cut(buckets: readonly NaiveBucket[], range: NaiveRange, nowMs: number): Bucket[] {
  return buckets
    .filter((bucket) => bucket.endMs > range.startMs && bucket.startMs < range.endMs)
    .map((bucket) => ({
      start: bucket.start,
      startMs: Math.max(bucket.startMs, range.startMs),
      endMs: Math.min(bucket.endMs, range.endMs),
      incomplete: nowMs < Math.min(bucket.endMs, range.endMs),
    }));
}

/** The range as one bucket. */
export function wholeRange(range: NaiveRange, timezone: string, nowMs: number): Bucket {
  const slot = slots(timezone).findLast(({ startMs }) => startMs <= range.startMs);
  if (slot === undefined) throw new Error(`outside: ${range.startMs}`);
  const seconds = Math.floor((range.startMs - slot.startMs) / 1000);
  const minute = Number(slot.minute) + Math.floor(seconds / 60);
  const clock = [slot.hour, minute, seconds % 60].map((part) => String(part).padStart(2, '0'));
  const start = `${slot.date}T${clock.join(':')}${slot.offset}`;
  return { start, ...range, incomplete: nowMs < range.endMs };
}

/** The `days` local days that end with the day of the bucket's last instant. */
export function trailing(bucket: NaiveRange, days: number, timezone: string): NaiveRange {
  const all = wholeBuckets('day', timezone, 1);
  const last = all.findIndex((day) => day.startMs < bucket.endMs && day.endMs >= bucket.endMs);
  return { startMs: all[last - days + 1].startMs, endMs: all[last].endMs };
}
