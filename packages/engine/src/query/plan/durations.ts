import type { Duration, FunnelWindow, RetentionQuery } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';

const dayMs = 86_400_000;

/** Windows have fixed lengths, whatever the calendar does (5.2). */
const unitMs: Record<Duration['unit'], number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
};

/** 5.1: 366 days in the interface, 367 on the wire. */
const windowMsMax = 367 * dayMs;

const sessionsMax = 12;

/** `what` it is the length of, for the text of an error. */
export function durationMs({ value, unit }: Duration, what = 'a time'): number {
  const ms = value * unitMs[unit];
  if (ms > windowMsMax) {
    throw invalidQuery(`${what} of ${value} ${unit}s is too long: 367 days at most`);
  }
  return ms;
}

/** A window of sessions has the length of the longest window there is. */
export function windowOf({ value, unit }: FunnelWindow): {
  readonly windowMs: number;
  readonly windowSessions: number | null;
} {
  if (unit !== 'session')
    return { windowMs: durationMs({ value, unit }, 'a conversion window'), windowSessions: null };
  if (value > sessionsMax) {
    throw invalidQuery(
      `a conversion window of ${value} sessions is too long: ${sessionsMax} at most`,
    );
  }
  // Between two sessions any time may pass: only the sessions themselves end the window.
  return { windowMs: windowMsMax, windowSessions: value };
}

/** Length of one rolling retention interval (6.1). */
export function rollingLengthMs(unit: RetentionQuery['unit']): number {
  return unitMs[unit];
}
