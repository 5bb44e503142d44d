import { assignBuckets } from '../kernels/assign-buckets.ts';
import {
  hitsEach,
  hitsEachInStreak,
  hitsFirst,
  hitsLast,
  hitsOn,
  hitsStreak,
} from '../kernels/retention-hits.ts';
import type { RetentionHits } from '../kernels/retention-hits.ts';
import { findFirstEntries, openCalendar, openRolling } from '../kernels/retention-window.ts';
import type { RetentionEvents, RetentionWindow } from '../kernels/retention-window.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { intervalsOfUnits } from '../plan/retention.ts';
import { asNumber } from './property-cells.ts';
import type { RetentionRows } from './retention-rows.ts';
import type { RetentionSplit } from './retention-split.ts';
import type { RowContext } from './row-context.ts';

/**
 * Goes from birth to birth and says what of each counts. The cells of the report and the lists behind them
 * are both made of its hits, so they agree.
 *
 * Invariant: hits of a report of users are where `criterion` begins or ends to count (the interval itself, the
 * first, the last, the last of the streak); of a report of numbers each return event is a hit in its interval.
 */
export interface RetentionWalk {
  readonly window: RetentionWindow;
  readonly hits: RetentionHits;
  /** Of each entry the number that is added up, NaN = none; null = users are counted. */
  readonly numbers: Float64Array | null;
  /** Fills `window` and `hits` for one birth. */
  follow(birth: number): void;
}

export function retentionWalk(
  plan: RetentionPlan,
  rows: RetentionRows,
  { returns }: RetentionSplit,
  context: RowContext,
): RetentionWalk {
  const window = { first: 0, end: 0, intervals: new Int32Array(returns.rows.length) };
  const hits = {
    count: 0,
    entries: new Uint32Array(returns.rows.length),
    intervals: new Int32Array(returns.rows.length),
  };
  const open = opener(plan, eventsOf(plan, rows, returns.rows), window);
  const { slotCount, slots } = returns;
  const states = { stamps: new Uint32Array(slotCount), states: new Int32Array(slotCount) };
  const numbers = numbersOf(plan, rows, returns.rows, context);
  const find = finder(plan, numbers !== null);
  let stamp = 0;
  return {
    window,
    hits,
    numbers,
    follow(birth) {
      open(birth);
      find(window, slots, ++stamp, states, hits);
    },
  };
}

function eventsOf(
  plan: RetentionPlan,
  { times, users }: RetentionRows,
  entryRows: Uint32Array,
): RetentionEvents {
  const firstEntries = new Uint32Array(times.length + 1);
  findFirstEntries(entryRows, firstEntries);
  const { nowMs, criterion } = plan;
  const intervalOfUnit = intervalsOfUnits(plan);
  // Only in a streak may the event that a user is born with be his return (6.1).
  const withBirth = criterion === 'streak';
  return { times, users, entryRows, firstEntries, nowMs, withBirth, intervalOfUnit };
}

function opener(
  { clock }: RetentionPlan,
  events: RetentionEvents,
  window: RetentionWindow,
): (birth: number) => void {
  if (clock.type === 'rolling') {
    return (birth) => {
      openRolling(events, birth, clock.lengthMs, window);
    };
  }
  const buckets = new Int32Array(events.times.length);
  assignBuckets(events.times, Float64Array.from(clock.edges), buckets);
  return (birth) => {
    openCalendar(events, birth, buckets, window);
  };
}

function finder({ criterion }: RetentionPlan, ofNumbers: boolean): typeof hitsOn {
  if (ofNumbers) {
    return criterion === 'streak'
      ? hitsEachInStreak
      : (window, _slots, _stamp, _states, hits) => {
          hitsEach(window, hits);
        };
  }
  switch (criterion) {
    case 'on':
      return hitsOn;
    case 'on_or_after':
      return hitsLast;
    case 'on_or_before':
      return hitsFirst;
    case 'streak':
      return hitsStreak;
  }
}

function numbersOf(
  { options }: RetentionPlan,
  { viewRows }: RetentionRows,
  entryRows: Uint32Array,
  { frame }: RowContext,
): Float64Array | null {
  if (options === null || options.measure.type === 'users') return null;
  const numbers = new Float64Array(entryRows.length).fill(NaN);
  const column = frame.column(options.measure.property);
  if (column === undefined) return numbers;
  const byCode = Float64Array.from(column.values, asNumber);
  for (let entry = 0; entry < numbers.length; entry++) {
    numbers[entry] = byCode[column.codes[viewRows[entryRows[entry]]]];
  }
  return numbers;
}
