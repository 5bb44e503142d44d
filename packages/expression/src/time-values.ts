import { civilDate, dayNumber } from './civil-date.ts';
import type { Value } from './value.ts';

/** From here on a number counts milliseconds: 10^11 s is the year 5138 (`reports.md` 3.5). */
const millisecondsFrom = 1e11;

/** The years 0000 to 9999, which a text of four digits can name and every calendar knows. */
const [secondsMin, secondsEnd] = [-62_167_219_200, 253_402_300_800];

const isoTime =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?\s*$/;

/**
 * A time as unix seconds: a number (milliseconds from 10^11 on), or a text `YYYY-MM-DD` with an optional
 * `THH:MM:SS.fff` and offset; without one it is UTC, as everywhere in property values (`ingestion-api.md` 10).
 * Undefined for anything else, and for dates that do not exist.
 */
export function secondsOf(value: Value): number | undefined {
  if (typeof value === 'string') return secondsOfText(value);
  if (typeof value !== 'number') return undefined;
  const seconds = Math.abs(value) < millisecondsFrom ? value : value / 1000;
  return seconds >= secondsMin && seconds < secondsEnd ? seconds : undefined;
}

export function secondsOfText(text: string): number | undefined {
  const time = timeOfText(text);
  return time === undefined ? undefined : time.day * 86_400 + (time.clockSeconds ?? 0);
}

/** A time as a text gives it. */
export interface TextTime {
  /** Days from 1970-01-01 on, in UTC. */
  readonly day: number;
  /** Left out in a date without a time; its zone is taken into account, so it may lie outside the day. */
  readonly clockSeconds: number | undefined;
}

/** Undefined for texts of another form, and for dates and times that do not exist. */
export function timeOfText(text: string): TextTime | undefined {
  const match = isoTime.exec(text);
  if (match === null) return undefined;
  const [, year, month, date, hour, minute, second = 0, fraction = '', offset] = match;
  const day = dayOf(Number(year), Number(month), Number(date));
  if (day === undefined) return undefined;
  if (hour === undefined) return { day, clockSeconds: undefined };
  const offsetSeconds = secondsOfOffset(offset);
  const isClock = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59;
  if (offsetSeconds === undefined || !isClock) return undefined;
  const clock = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  // Times are whole milliseconds throughout; finer digits are cut.
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return { day, clockSeconds: clock - offsetSeconds + ms / 1000 };
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1)) return undefined;
  const days = dayNumber({ year, month, day });
  return civilDate(days).day === day ? days : undefined;
}

/** Undefined for an offset that no clock has. */
function secondsOfOffset(offset: string | undefined): number | undefined {
  if (offset === undefined || offset === 'Z' || offset === 'z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}
