import type { Comparison, Range, TimeUnit } from '@arbor/schema/query';
import type { AuthorizedProject } from '../../auth/authorize.ts';
import { addDays, addMonths, startOfMonth, startOfWeek, todayIn } from '../local-dates.ts';
import { isDate } from '../parameters.ts';
import type { Bookmark, TimeEntry } from './bookmark-schema.ts';
import { oneOf, refuse } from './refuse.ts';

export interface TimeContext {
  readonly project: Pick<AuthorizedProject, 'timezone' | 'weekStart' | 'quarterStart'>;
  readonly nowMs: number;
}

const units: Readonly<Record<string, TimeUnit>> = {
  minute: 'minute',
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
};

export const readUnit = (unit: string | null | undefined): TimeUnit =>
  oneOf(units, 'the unit', unit ?? 'day');

/** `between` two dates, `in the last` units (the running one included, `reports.md` 2.2), or `since` a date (13.2). */
export function readRange(entry: TimeEntry, context: TimeContext): Range {
  const { value, window } = entry;
  const type = (entry.dateRangeType ?? entry.type ?? 'between').toLowerCase();
  const today = todayIn(context.nowMs, context.project.timezone);
  switch (type) {
    case 'between': {
      const [from, to] = Array.isArray(value) ? (value as unknown[]) : [];
      return ordered(readDate(from), readDate(to));
    }
    case 'since':
      return ordered(readDate(Array.isArray(value) ? (value as unknown[])[0] : value), today);
    case 'in the last': {
      const own = typeof value === 'number' ? { unit: entry.unit ?? 'day', value } : undefined;
      const last = window ?? own ?? refuse('the range', type, 'give it a window of unit and value');
      return lastUnits(last.value, readUnit(last.unit), context);
    }
    default:
      return refuse('the range', type, 'use between, in the last or since');
  }
}

function lastUnits(count: number, unit: TimeUnit, { project, nowMs }: TimeContext): Range {
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    refuse('the window', count, 'use a whole number from 1 to 100000');
  }
  const to = todayIn(nowMs, project.timezone);
  const back = count - 1;
  switch (unit) {
    case 'minute':
    case 'hour': {
      const ms = count * (unit === 'hour' ? 3_600_000 : 60_000);
      return { from: new Date(nowMs - ms).toISOString(), to: new Date(nowMs).toISOString() };
    }
    case 'day':
      return { from: addDays(to, -back), to };
    case 'week':
      return { from: addDays(startOfWeek(to, project.weekStart), -7 * back), to };
    case 'month':
      return { from: addMonths(startOfMonth(to), -back), to };
    case 'quarter': {
      const month = Number(to.slice(5, 7));
      const into = (month - project.quarterStart + 12) % 3;
      return { from: addMonths(startOfMonth(to), -into - 3 * back), to };
    }
    case 'year':
      return { from: addMonths(`${to.slice(0, 4)}-01-01`, -12 * back), to };
  }
}

function readDate(value: unknown): string {
  const date = typeof value === 'string' ? value.slice(0, 10) : '';
  return isDate(date) ? date : refuse('the date', value, 'use a date such as 2024-03-04');
}

function ordered(from: string, to: string): Range {
  return from <= to ? { from, to } : refuse('the range', [from, to], 'it ends before it begins');
}

/** `timeComparison` of the display options (13.2). */
export function readComparison({ sections, displayOptions }: Bookmark): Comparison | undefined {
  const given = (displayOptions ?? sections.displayOptions)?.timeComparison;
  if (!given) return undefined;
  const { type, value } = given;
  if (type === 'relative') {
    const unit = readUnit(value);
    if (unit === 'minute' || unit === 'hour') {
      return refuse(
        'the comparison with the previous',
        unit,
        'use day, week, month, quarter or year',
      );
    }
    return { type: 'previous', unit };
  }
  if (type === 'absolute-start') return { type: 'from', date: readDate(value) };
  if (type === 'absolute-end') return { type: 'to', date: readDate(value) };
  return refuse('the comparison', type, 'use relative, absolute-start or absolute-end');
}
