import { addDays, addMonths, type CalendarDate } from './calendar-date.ts';
import type { CalendarUnit, LastUnit, RangeState } from './range.ts';

/**
 * What somebody typed as a range, or null: "last 14 days", "since 1 march", "2026-01..2026-03", "q2 2026",
 * "yesterday 9:00-17:00", "this week", "5 weeks" (`ux.md` 5.1). A day without a year is the latest that was.
 */
export function parseRangeText(text: string, today: CalendarDate): RangeState | null {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (words === '') return null;
  return (
    parseRelative(words) ??
    parseSince(words, today) ??
    parseTimes(words, today) ??
    parseSpan(words, today)
  );
}

const lastUnitNames = 'minute|hour|day|week|month|year';
const calendarUnitNames = 'week|month|quarter|year';

function parseRelative(words: string): RangeState | null {
  const counted = new RegExp(`^(?:last |past )?(\\d{1,5}) (${lastUnitNames})s?$`).exec(words);
  if (counted !== null) {
    const last = Number(counted[1]);
    // One of the names in the pattern.
    return last === 0 ? null : { last, unit: counted[2] as LastUnit };
  }
  const named = new RegExp(`^(this|last|previous) (${calendarUnitNames})$`).exec(words);
  if (named !== null) {
    // One of the names in the pattern.
    const unit = named[2] as CalendarUnit;
    return named[1] === 'this' ? { toDate: unit } : { previous: unit };
  }
  if (words === 'today' || words === 'yesterday') return { preset: words };
  if (words === 'last hour') return { preset: '1h' };
  return null;
}

function parseSince(words: string, today: CalendarDate): RangeState | null {
  if (!words.startsWith('since ')) return null;
  const span = spanOf(words.slice('since '.length), today);
  return span === null || span.from > today ? null : { since: span.from };
}

/** "yesterday 9:00-17:00", "2026-03-05 14:00-15:30" */
function parseTimes(words: string, today: CalendarDate): RangeState | null {
  const match = /^(.+) (\d{1,2}(?::\d{2})?) ?(?:-|–|to) ?(\d{1,2}(?::\d{2})?)$/.exec(words);
  if (match === null) return null;
  const [, day = '', start = '', end = ''] = match;
  const span = spanOf(day, today);
  const [first, last] = [minutesOf(start), minutesOf(end)];
  if (span === null || span.from !== span.to || first === null || last === null) return null;
  if (first >= last) return null;
  // Both ends are inside: up to the second before the end.
  return { from: `${span.from}T${clock(first * 60)}`, to: `${span.from}T${clock(last * 60 - 1)}` };
}

/** Minutes of a day: 24:00 is its end. */
function minutesOf(text: string): number | null {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= 24 * 60 ? minutes : null;
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

function parseSpan(words: string, today: CalendarDate): RangeState | null {
  const [first = '', last = first, ...rest] = words.split(/ ?(?:\.\.\.?|–| to | - ) ?/);
  const [from, to] = [spanOf(first, today), spanOf(last, today)];
  if (rest.length > 0 || from === null || to === null || from.from > to.to) return null;
  return { from: from.from, to: to.to };
}

type Span = { readonly from: CalendarDate; readonly to: CalendarDate };

/** A day, a month, a quarter or a year, as numbers or in words. */
function spanOf(text: string, today: CalendarDate): Span | null {
  if (text === 'today') return { from: today, to: today };
  if (text === 'yesterday') return { from: addDays(today, -1), to: addDays(today, -1) };
  return spanOfNumbers(text) ?? spanOfWords(text, today);
}

function spanOfNumbers(text: string): Span | null {
  const quarter = /^(?:q([1-4]) (\d{4})|(\d{4})-?q([1-4]))$/.exec(text);
  if (quarter !== null) {
    const year = quarter[2] ?? quarter[3] ?? '';
    return months(`${year}-${pad((Number(quarter[1] ?? quarter[4]) - 1) * 3 + 1)}-01`, 3);
  }
  if (/^\d{4}$/.test(text)) return months(`${text}-01-01`, 12);
  if (/^\d{4}-\d{2}$/.test(text)) return isDay(`${text}-01`) ? months(`${text}-01`, 1) : null;
  return isDay(text) ? { from: text, to: text } : null;
}

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** "1 march 2026", "march 1", "mar 2026", "march" */
function spanOfWords(text: string, today: CalendarDate): Span | null {
  const match =
    /^(?:(?<day>\d{1,2})(?:st|nd|rd|th)?\.? )?(?<month>[a-z]{3,9})(?: (?<late>\d{1,2}))?,?(?: (?<year>\d{4}))?$/.exec(
      text,
    );
  if (match?.groups === undefined) return null;
  const { day, late, month = '', year } = match.groups;
  const number = monthNames.findIndex((name) => name === month || name.slice(0, 3) === month);
  if (number < 0 || (day !== undefined && late !== undefined)) return null;
  const dayNumber = day ?? late;
  const first = (inYear: string): CalendarDate =>
    `${inYear}-${pad(number + 1)}-${pad(Number(dayNumber ?? 1))}`;
  const thisYear = today.slice(0, 4);
  const own = year ?? (first(thisYear) <= today ? thisYear : String(Number(thisYear) - 1));
  if (!isDay(first(own))) return null;
  return dayNumber === undefined ? months(first(own), 1) : { from: first(own), to: first(own) };
}

function months(from: CalendarDate, count: number): Span {
  return { from, to: addDays(addMonths(from, count), -1) };
}

/** A day of the calendar: 31 February is none. */
function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && Number(text.slice(0, 4)) > 0 && addDays(text, 0) === text
  );
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
