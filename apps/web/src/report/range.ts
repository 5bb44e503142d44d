import type { TimeUnit } from '@arbor/schema/query';
import { z } from 'zod';
import { dateLabel } from '#format/bucket.ts';
import { addDays, addMonths, dateIn, dayCount, type CalendarDate } from './calendar-date.ts';
import { addMs, hasTime, lengthMs, localTimeIn, timeLabel } from './local-time.ts';

/**
 * The range of a report. What is relative is kept as such, so that a bookmarked "last 7 days" is always the
 * last seven; it becomes days or times when the query runs, in the project's zone.
 */
export const rangePresets = [
  '30min',
  '1h',
  '24h',
  'today',
  'yesterday',
  '7d',
  '30d',
  '3m',
  '6m',
  '12m',
  'this_week',
  'month_to_date',
  'last_month',
  'year_to_date',
  'last_year',
] as const;
export type RangePreset = (typeof rangePresets)[number];

export const lastUnits = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type LastUnit = (typeof lastUnits)[number];
export const calendarUnits = ['week', 'month', 'quarter', 'year'] as const;
export type CalendarUnit = (typeof calendarUnits)[number];

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?)?$/);
/** So many units at most, of any kind; a link that says more is none. */
export const rangeUnitsMax = 100_000;
/** Without the period that is still running (UX-D2). */
const complete = z.boolean().optional();

const relativeSchema = z.union([
  z.object({ preset: z.enum(rangePresets), complete }),
  /** So many units up to now, or up to `ago` units ago. */
  z.object({
    last: z.number().int().min(1).max(rangeUnitsMax),
    unit: z.enum(lastUnits),
    ago: z.number().int().min(0).max(rangeUnitsMax).optional(),
    complete,
  }),
  z.object({ toDate: z.enum(calendarUnits) }),
  z.object({ previous: z.enum(calendarUnits) }),
  /** `all`: that day is the first of all data. */
  z.object({ since: date, all: z.boolean().optional() }),
]);
export type RelativeState = z.infer<typeof relativeSchema>;

export const rangeStateSchema = z.union([
  relativeSchema,
  /** `back`: the relative range that was moved to here (UX-D3). */
  z.object({ from: moment, to: moment, back: relativeSchema.optional() }),
]);
export type RangeState = z.infer<typeof rangeStateSchema>;

/** Both ends inside. Days, or times of the project's zone, whose first ten characters are their day. */
export type DayRange = { readonly from: CalendarDate; readonly to: CalendarDate };

type PresetInfo = {
  readonly label: string;
  readonly short: string;
  readonly key: string;
  readonly state: Exclude<RelativeState, { preset: unknown }> | 'day' | 'day before';
};

/** The key after `d` that takes the preset (`ux.md` 5.1). */
export const presetInfo: Readonly<Record<RangePreset, PresetInfo>> = {
  '30min': preset('Last 30 minutes', '30M', 'r', { last: 30, unit: 'minute' }),
  '1h': preset('Last hour', '1H', 'h', { last: 60, unit: 'minute' }),
  '24h': preset('Last 24 hours', '24H', '4', { last: 24, unit: 'hour' }),
  today: preset('Today', 'Today', 'd', 'day'),
  yesterday: preset('Yesterday', 'Yesterday', 'e', 'day before'),
  '7d': preset('Last 7 days', '7D', 'w', { last: 7, unit: 'day' }),
  '30d': preset('Last 30 days', '30D', 't', { last: 30, unit: 'day' }),
  '3m': preset('Last 3 months', '3M', '3', { last: 3, unit: 'month' }),
  '6m': preset('Last 6 months', '6M', '6', { last: 6, unit: 'month' }),
  '12m': preset('Last 12 months', '12M', 'l', { last: 12, unit: 'month' }),
  this_week: preset('This week', 'Week', 'k', { toDate: 'week' }),
  month_to_date: preset('Month to date', 'MTD', 'm', { toDate: 'month' }),
  last_month: preset('Last month', 'Month', 'p', { previous: 'month' }),
  year_to_date: preset('Year to date', 'YTD', 'y', { toDate: 'year' }),
  last_year: preset('Last year', 'Year', 'u', { previous: 'year' }),
};

function preset(label: string, short: string, key: string, state: PresetInfo['state']): PresetInfo {
  return { label, short, key, state };
}

/** The last N days include today; the last N months end today and begin on the day after, N months ago. */
export function resolveRange(range: RangeState, timezone: string, nowMs: number): DayRange {
  if ('from' in range) {
    const { from, to } = range;
    return from <= to ? { from, to } : { from: to, to: from };
  }
  const today = dateIn(timezone, nowMs);
  if ('since' in range) return { from: range.since < today ? range.since : today, to: today };
  if ('toDate' in range) return { from: startOf(today, range.toDate), to: today };
  if ('previous' in range) {
    const to = addDays(startOf(today, range.previous), -1);
    return { from: startOf(to, range.previous), to };
  }
  if ('last' in range) return lastOf(range, timezone, nowMs);
  const { state } = presetInfo[range.preset];
  if (state === 'day') return { from: today, to: today };
  if (state === 'day before') return { from: addDays(today, -1), to: addDays(today, -1) };
  const own = 'last' in state ? { ...state, complete: range.complete } : state;
  return resolveRange(own, timezone, nowMs);
}

type LastState = Extract<RelativeState, { last: unknown }>;
const minuteMs = 60_000;
const hourMs = 3_600_000;

function lastOf(range: LastState, timezone: string, nowMs: number): DayRange {
  const { last, unit, ago = 0 } = range;
  if (unit === 'minute' || unit === 'hour') return lastTimes(range, timezone, nowMs);
  const today = dateIn(timezone, nowMs);
  const end = range.complete === true ? addDays(today, -1) : today;
  const to = notTooEarly(addUnits(end, -ago, unit));
  const before = addUnits(to, -last, unit);
  return { from: before < earliestDay ? earliestDay : addDays(before, 1), to };
}

/** "The last 100 000 years" has nothing before it: years of more or fewer than four digits are none that can be asked for. */
const earliestDay = '1000-01-01';

function notTooEarly(day: CalendarDate): CalendarDate {
  return day < earliestDay ? earliestDay : day;
}

/** The running minute or hour is the last one, unless only complete ones are asked for. */
function lastTimes(
  { last, unit, ago = 0, complete: whole }: LastState,
  timezone: string,
  nowMs: number,
): DayRange {
  const stepMs = unit === 'hour' ? hourMs : minuteMs;
  const begin = Math.floor(nowMs / stepMs) * stepMs - ago * stepMs;
  const endMs = whole === true ? begin : begin + stepMs;
  return {
    from: localTimeIn(timezone, endMs - last * stepMs),
    // Both ends are inside: the last second of it.
    to: localTimeIn(timezone, endMs - 1000),
  };
}

function addUnits(day: CalendarDate, count: number, unit: LastUnit): CalendarDate {
  if (unit === 'month') return addMonths(day, count);
  if (unit === 'year') return addMonths(day, count * 12);
  return addDays(day, unit === 'week' ? count * 7 : count);
}

/** The first day of the week (Monday), month, quarter or year that a day lies in. */
export function startOf(day: CalendarDate, unit: CalendarUnit): CalendarDate {
  const month = Number(day.slice(5, 7));
  switch (unit) {
    case 'week':
      return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
    case 'month':
      return `${day.slice(0, 7)}-01`;
    case 'quarter':
      return `${day.slice(0, 5)}${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`;
    case 'year':
      return `${day.slice(0, 4)}-01-01`;
  }
}

export function rangeLabel(range: RangeState): string {
  if ('preset' in range) return presetInfo[range.preset].label + wholeLabel(range.complete);
  if ('last' in range) {
    const { last, unit, ago = 0 } = range;
    const length = `Last ${last} ${unit}${last === 1 ? '' : 's'}`;
    const end = ago === 0 ? '' : `, up to ${ago} ${unit}${ago === 1 ? '' : 's'} ago`;
    return length + end + wholeLabel(range.complete);
  }
  if ('toDate' in range) return `This ${range.toDate}`;
  if ('previous' in range) return `Last ${range.previous}`;
  if ('since' in range) return range.all === true ? 'All time' : `Since ${dateLabel(range.since)}`;
  return fixedLabel(range);
}

const wholeLabel = (whole: boolean | undefined): string => (whole === true ? ', complete' : '');

function fixedLabel({ from, to }: DayRange): string {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
  if (!hasTime(from))
    return first === last ? dateLabel(first) : `${dateLabel(first)} – ${dateLabel(last)}`;
  const end = first === last ? timeLabel(to) : `${dateLabel(last)} ${timeLabel(to)}`;
  return `${dateLabel(first)} ${timeLabel(from)} – ${end}`;
}

/** The range inside a sentence: "No purchase in the last 7 days". */
export function rangePhrase(range: RangeState): string {
  const label = rangeLabel(range);
  if ('from' in range) return `in ${label}`;
  const words = label.slice(0, 1).toLowerCase() + label.slice(1);
  const isPlain = /^(today|yesterday|since|this)\b/.test(words);
  if (isPlain) return words;
  return words === 'all time' ? 'ever' : `in the ${words}`;
}

/** The unit a range of this length is drawn in unless another was chosen (`ux.md` 5.2). */
export function automaticUnit({ from, to }: DayRange): TimeUnit {
  if (hasTime(from) && lengthMs(from, to) <= 3 * hourMs) return 'minute';
  const days = dayCount(from, to);
  if (days <= 4) return 'hour';
  if (days <= 92) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** The range before or after of the same length, or a day or an hour from here; a relative one becomes fixed by it (UX-D3). */
export function moveRange(
  range: DayRange,
  direction: -1 | 1,
  by: 'length' | 'unit' = 'length',
): DayRange {
  const { from, to } = range;
  if (hasTime(from)) {
    const ms = (by === 'unit' ? hourMs : lengthMs(from, to)) * direction;
    return { from: addMs(from, ms), to: addMs(to, ms) };
  }
  const days = (by === 'unit' ? 1 : dayCount(from, to)) * direction;
  return { from: addDays(from, days), to: addDays(to, days) };
}
