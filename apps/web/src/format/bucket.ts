import type { TimeUnit } from '@arbor/schema/query';

/**
 * Labels of buckets. A bucket's `start` is local to the project and is printed as it stands: it is
 * read as text, never turned into an instant, so the browser's own zone cannot shift it (UX-P6).
 */
export type LocalTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** "+01:00", or "" when the text has none. */
  readonly offset: string;
};

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

export function parseLocal(text: string): LocalTime {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`bucket start "${text}" is not a local date or time`);
  const [, year, month, day, hour = '0', minute = '0', offset = ''] = match;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    offset,
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Short, for axes and column headers: "14 Mar", "14 Mar 09:00", "Mar 2026". */
export function bucketLabel(start: string, unit: TimeUnit): string {
  const { year, month, day, hour, minute } = parseLocal(start);
  const date = `${day} ${monthName(month)}`;
  switch (unit) {
    case 'minute':
    case 'hour':
      return `${date} ${pad(hour)}:${pad(minute)}`;
    case 'day':
    case 'week':
      return date;
    case 'month':
      return `${monthName(month)} ${year}`;
    case 'quarter':
      return `Q${Math.ceil(month / 3)} ${year}`;
    case 'year':
      return String(year);
  }
}

/** Complete, for tooltips and CSV readers: "Sat 14 Mar 2026", "Week of Mon 9 Mar 2026". */
export function bucketTitle(start: string, unit: TimeUnit): string {
  const { year, month, day, hour, minute, offset } = parseLocal(start);
  const date = `${weekday(year, month, day)} ${day} ${monthName(month)} ${year}`;
  switch (unit) {
    case 'minute':
    case 'hour':
      return `${date}, ${pad(hour)}:${pad(minute)}${offset === '' ? '' : ` (UTC${offset === 'Z' ? '' : offset})`}`;
    case 'day':
      return date;
    case 'week':
      return `Week of ${date}`;
    case 'month':
      return `${monthName(month)} ${year}`;
    case 'quarter':
      return `Q${Math.ceil(month / 3)} ${year}`;
    case 'year':
      return String(year);
  }
}

/** "2026-03-14" → "14 Mar 2026". */
export function dateLabel(date: string): string {
  const { year, month, day } = parseLocal(date);
  return `${day} ${monthName(month)} ${year}`;
}

function monthName(month: number): string {
  return months[month - 1] ?? String(month);
}

function weekday(year: number, month: number, day: number): string {
  return weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
