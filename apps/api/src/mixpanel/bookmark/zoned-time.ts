import type { Range } from '@arbor/schema/query';
import { addDays, wallClock } from '../local-dates.ts';
import { isDate } from '../parameters.ts';

/** The start of a bucket as answers of `/insights` write it: `2024-03-04T00:00:00+00:00`. */
export const isoStart = (start: string): string => start.replace(/Z$/, '+00:00');

/** `2024-03-06T23:59:59.999000+00:00`, on the clock of a zone. */
export function isoInZone(ms: number, timezone: string): string {
  const offset = offsetMinutes(ms, timezone);
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  const minutes = String(size % 60).padStart(2, '0');
  const rest = ((ms % 1000) + 1000) % 1000;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}000`;
  return `${wallClock(ms, timezone)}${fraction}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** The first and the last instant of a range of dates, or of instants. */
export function instantsOf({ from, to }: Range, timezone: string): { from: number; to: number } {
  return {
    from: isDate(from) ? midnight(from, timezone) : Date.parse(from),
    to: isDate(to) ? midnight(addDays(to, 1), timezone) - 1 : Date.parse(to),
  };
}

/** When a day begins on the clock of a zone; where the clock skips midnight, right after it. */
export function midnight(date: string, timezone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`);
  const guess = wall - offsetMinutes(wall, timezone) * 60_000;
  return wall - offsetMinutes(guess, timezone) * 60_000;
}

function offsetMinutes(ms: number, timezone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  return Math.round((Date.parse(`${wallClock(ms, timezone)}Z`) - whole) / 60_000);
}
