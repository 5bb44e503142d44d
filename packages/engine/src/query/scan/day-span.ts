import { dayMs } from '../../format/segment/segment-rows.ts';
import type { EventMatch } from './row-mask.ts';
import type { Judgement } from './row-tests.ts';
import type { EventRows } from './scan-source.ts';

/** What lies of a span of time inside one UTC day, ms since the start of the day. */
export interface DaySpan {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** The whole day: nobody needs to look at times. */
  readonly whole: boolean;
}

/** Nothing is left out. */
export const wholeDay: DaySpan = { fromMs: 0, toMs: Infinity, whole: true };

/** Null = nothing of [startMs, endMs) lies on the day. */
export function spanOfDay(startMs: number, endMs: number, dayStartMs: number): DaySpan | null {
  const fromMs = Math.max(startMs - dayStartMs, 0);
  const toMs = Math.min(endMs - dayStartMs, dayMs);
  return fromMs < toMs ? { fromMs, toMs, whole: fromMs === 0 && toMs === dayMs } : null;
}

/**
 * First run whose user is at least `ordinal`; `users.length` where there is none. With the first run of
 * a range, its end is found near by: a user has one run.
 */
export function firstRunOf(users: Uint32Array, ordinal: number, from = 0): number {
  let low = from;
  let high = users.length;
  if (from < high) high = Math.min(high, from + Math.max(ordinal - users[from], 0));
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (users[middle] < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Like `match.judgeRows` for rows first … end − 1, cut to the span: after `some`, mask[row − first] is 1
 * where a row passes. What the user decides (`match.users`) is left out.
 */
export function judgeWithin(
  match: EventMatch,
  rows: EventRows,
  { first, end }: { readonly first: number; readonly end: number },
  span: DaySpan,
  mask: Uint8Array,
): Judgement {
  const judgement = match.judgeRows(rows, first, end, mask);
  if (span.whole || judgement === 'none') return judgement;
  if (judgement === 'all') mask.fill(1, 0, end - first);
  narrowByTime(rows.times, first, span, mask.subarray(0, end - first));
  return 'some';
}

function narrowByTime(
  times: Uint32Array,
  first: number,
  { fromMs, toMs }: DaySpan,
  mask: Uint8Array,
): void {
  for (let i = 0; i < mask.length; i++) {
    const time = times[first + i];
    if (time < fromMs || time >= toMs) mask[i] = 0;
  }
}

/** A mask that grows to the largest slice; one task uses it at a time. */
export class MaskScratch {
  #mask = new Uint8Array(1024);

  take(length: number): Uint8Array {
    if (this.#mask.length < length) this.#mask = new Uint8Array(length * 2);
    return this.#mask;
  }
}
