import { secondsOf, timeOfText } from '@arbor/expression/time-values';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { ZoneClock } from './zone-clock.ts';

const dayMs = 86_400_000;

/**
 * The instant of a date in a property, NaN for what is none: a text `YYYY-MM-DD`, which is the start of that
 * day in the project's zone, or one with a time, which is UTC unless it has an offset (`ingestion-api.md` 10).
 */
export function instantOfDate(value: PropertyValue, clock: ZoneClock): number {
  const time = typeof value === 'string' ? timeOfText(value) : undefined;
  if (time === undefined) return NaN;
  if (time.clockSeconds === undefined) return clock.instantOf(time.day * dayMs);
  return Math.round(time.day * dayMs + time.clockSeconds * 1000);
}

/**
 * A value read as a date (3.5): a text that is one stays as it is; a number counts unix seconds, from 10^11 on
 * milliseconds. Null for anything else.
 */
export function castToDate(value: PropertyValue): PropertyValue {
  if (typeof value === 'string') return timeOfText(value) === undefined ? null : value;
  const seconds = typeof value === 'number' ? secondsOf(value) : undefined;
  return seconds === undefined ? null : new Date(Math.round(seconds * 1000)).toISOString();
}
