import { Temporal } from 'temporal-polyfill';
import type { Range } from '@arbor/schema/query';
import type { Calendar, InstantRange } from './calendar.ts';
import { startOfDay } from './calendar.ts';
import { invalidQuery } from './invalid-query.ts';

/** Both ends of a range are inside: a date ends with its last instant, a time with its millisecond. */
export function resolveRange(range: Range, calendar: Calendar): InstantRange {
  const { startMs } = resolveMoment(range.from, calendar);
  const { endMs } = resolveMoment(range.to, calendar);
  if (endMs <= startMs) {
    throw invalidQuery(`the range ends before it starts: from ${range.from} to ${range.to}`);
  }
  return { startMs, endMs };
}

/** A date is its whole local day, a time its millisecond. */
export function resolveMoment(text: string, { timezone }: Calendar): InstantRange {
  try {
    if (!text.includes('T')) {
      const date = Temporal.PlainDate.from(text, { overflow: 'reject' });
      return {
        startMs: startOfDay(date, timezone),
        endMs: startOfDay(date.add({ days: 1 }), timezone),
      };
    }
    const startMs = hasOffset(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds;
    return { startMs, endMs: startMs + 1 };
  } catch (cause) {
    throw invalidQuery(`"${text}" is not a date or a time of the calendar`, { cause });
  }
}

function hasOffset(text: string): boolean {
  return /(?:Z|[+-]\d{2}(?::?\d{2})?)$/.test(text.slice(text.indexOf('T')));
}
