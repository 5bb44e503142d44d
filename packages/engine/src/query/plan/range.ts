import { Temporal } from 'temporal-polyfill';
import type { Range } from '@arbor/schema/query';
import type { Calendar, InstantRange } from './calendar.ts';
import { startOfDay } from './calendar.ts';
import { invalidQuery } from './invalid-query.ts';

/** Both ends of a range are inside: a date ends with its last instant, a time with its millisecond. */
export function resolveRange(range: Range, { timezone }: Calendar): InstantRange {
  const startMs = resolve(range.from, timezone).startMs;
  const endMs = resolve(range.to, timezone).endMs;
  if (endMs <= startMs) {
    throw invalidQuery(`the range ends before it starts: from ${range.from} to ${range.to}`);
  }
  return { startMs, endMs };
}

function resolve(text: string, timezone: string): InstantRange {
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
