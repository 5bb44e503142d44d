const dayMs = 86_400_000;

/** What a clock on the wall shows in a zone: `2024-03-04T10:15:00`. */
export function wallClock(nowMs: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return `${date}T${part('hour')}:${part('minute')}:${part('second')}`;
}

export const todayIn = (nowMs: number, timezone: string): string =>
  wallClock(nowMs, timezone).slice(0, 10);

/** Dates are counted without a zone: no day of a calendar is missing or doubled. */
export function addDays(date: string, days: number): string {
  return textOf(Date.parse(date) + days * dayMs);
}

export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0] = date.split('-').map(Number);
  return textOf(Date.UTC(year, month - 1 + months, 1));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** First day of the week of a date; weeks start on `weekStart`, 1 = Monday. */
export function startOfWeek(date: string, weekStart: number): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  return addDays(date, -((weekday - weekStart + 7) % 7));
}

export const startOfMonth = (date: string): string => `${date.slice(0, 7)}-01`;

const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
