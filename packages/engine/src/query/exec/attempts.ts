import type { Attribution } from '@arbor/schema/query';
import type { AttemptTable } from '../kernels/attempt-table.ts';
import { orderWithinUsers } from '../kernels/order-within-users.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';
import { betweenSteps } from './between-steps.ts';
import { castColumn, isOfUsers } from './computed-column.ts';
import { byUser, cached, maskByUser } from './frame.ts';
import type { Frame } from './frame.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';

/** Attempts of a funnel, in order of users, periods and entries. */
export interface Attempts {
  readonly count: number;
  readonly stepCount: number;
  readonly users: Uint32Array;
  /** The segment of its stream, where each has a funnel of its own (attribution "each"). */
  readonly slots: Uint32Array;
  /** The period of the entry. */
  readonly periods: Uint32Array;
  /** View row of each step, by attempt; −1 where the step was not reached. */
  readonly stepRows: Int32Array;
  /** 1 = spoilt by an exclusion that drops, 2 = after it had reached the last step of that. */
  readonly spoilt: Uint8Array;
  /** 1 where nothing more can come of it. */
  readonly ended: Uint8Array;
}

/** Rows of a view have numbers below. */
const rowCountMax = 2 ** 31;

/** The attempts of a table, ordered by user, period and entry; several streams of a user lie one after the other. */
export function orderedAttempts(table: AttemptTable, hasLanes: boolean): Attempts {
  const { count, stepCount, users, periods, stepRows } = table;
  if (!hasLanes) {
    return {
      count,
      stepCount,
      users: users.subarray(0, count),
      slots: table.slots.subarray(0, count),
      periods: periods.subarray(0, count),
      stepRows: stepRows.subarray(0, count * stepCount),
      spoilt: table.spoilt.subarray(0, count),
      ended: table.ended.subarray(0, count),
    };
  }
  const keys = new Float64Array(count);
  for (let attempt = 0; attempt < count; attempt++) {
    keys[attempt] = periods[attempt] * rowCountMax + stepRows[attempt * stepCount];
  }
  const order = ascending(count);
  orderWithinUsers(order, users, keys);
  return pickAttempts(table, order);
}

/** 0, 1, 2 … */
export function ascending(count: number): Uint32Array {
  const places = new Uint32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  return places;
}

/** The attempts of these places, in their order. */
export function pickAttempts(
  from: Pick<
    Attempts,
    'stepCount' | 'users' | 'slots' | 'periods' | 'stepRows' | 'spoilt' | 'ended'
  >,
  places: Uint32Array,
): Attempts {
  const { stepCount } = from;
  const count = places.length;
  const picked = {
    count,
    stepCount,
    users: new Uint32Array(count),
    slots: new Uint32Array(count),
    periods: new Uint32Array(count),
    stepRows: new Int32Array(count * stepCount),
    spoilt: new Uint8Array(count),
    ended: new Uint8Array(count),
  };
  for (let i = 0; i < count; i++) {
    const place = places[i];
    picked.users[i] = from.users[place];
    picked.slots[i] = from.slots[place];
    picked.periods[i] = from.periods[place];
    picked.spoilt[i] = from.spoilt[place];
    picked.ended[i] = from.ended[place];
    for (let step = 0; step < stepCount; step++) {
      picked.stepRows[i * stepCount + step] = from.stepRows[place * stepCount + step];
    }
  }
  return picked;
}

/** How attempts get values of events (5.8). In any order, step n is told by what the row fits, not by its number. */
export interface AttributionRule {
  readonly attribution: Attribution;
  /** By view row: whether it fits the step of the attribution, where that is one and steps come in any order. */
  readonly fits: Uint8Array | null;
}

/** The properties of attempts: of events as they are attributed, of persons those of the user. */
export function attemptFrame(
  attempts: Attempts,
  rule: AttributionRule,
  context: RowContext,
): Frame {
  return cached({
    count: attempts.count,
    column: (property) => {
      if (isOfUser(property, context)) {
        const own = context.users.column({ ...property, scope: 'person' });
        return own && byUser(own, attempts.users);
      }
      const { computed } = property;
      if (computed?.type === 'behavior' && computed.between !== undefined) {
        return castColumn(property, betweenSteps(computed, computed.between, attempts, context));
      }
      const column = context.frame.column(property);
      return column && attributed(attempts, rule, column);
    },
    member: (cohort) => maskByUser(context.cohort(cohort), attempts.users),
  });
}

/** Whether all attempts of a user have the same value. */
export function isOfUser(property: PropertyPlan, { plan }: Pick<RowContext, 'plan'>): boolean {
  return isOfUsers(property, plan);
}

function attributed(
  attempts: Attempts,
  rule: AttributionRule,
  { codes, values }: PropertyColumn,
): PropertyColumn {
  const { count, stepCount, stepRows } = attempts;
  const chosen = new Uint32Array(count);
  if (rule.attribution.type === 'step') {
    for (let attempt = 0; attempt < count; attempt++) {
      const row = rowOfStep(attempts, attempt, rule.attribution.step, rule.fits);
      if (row >= 0) chosen[attempt] = codes[row];
    }
    return { codes: chosen, values };
  }
  const defined = Uint8Array.from(values, (value, code) => Number(code > 0 && value !== null));
  const isLast = rule.attribution.type === 'last';
  for (let attempt = 0; attempt < count; attempt++) {
    for (let step = 0; step < stepCount; step++) {
      const row = stepRows[attempt * stepCount + step];
      if (row < 0) break;
      if (codes[row] === 0 || defined[codes[row]] === 0) continue;
      chosen[attempt] = codes[row];
      if (!isLast) break;
    }
  }
  return { codes: chosen, values };
}

/** View row of step n, or with `fits` the first row of the attempt that fits it; −1 where there is none. */
export function rowOfStep(
  { stepCount, stepRows }: Attempts,
  attempt: number,
  step: number,
  fits: Uint8Array | null,
): number {
  const base = attempt * stepCount;
  if (fits === null) return stepRows[base + step];
  for (let at = base; at < base + stepCount && stepRows[at] >= 0; at++) {
    if (fits[stepRows[at]] === 1) return stepRows[at];
  }
  return -1;
}
