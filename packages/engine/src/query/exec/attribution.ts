import type { PropertyValue } from '@arbor/schema/property-value';
import { GrowableFloat64, GrowableUint32 } from '../../base/growable.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { ComputedPlan } from '../plan/plan-types.ts';
import { definedCodes } from './computed-history.ts';
import { isList } from './computed-values.ts';
import { protocolEvents } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';
import { TouchWindow } from './touch-window.ts';
import { ValueCodes } from './value-codes.ts';

type AttributedPlan = Extract<ComputedPlan, { type: 'attributed' }>;

/** The touches that rows may be attributed to (14.6), in the order of users and times. */
export interface Touches {
  readonly view: ShardView;
  readonly plan: AttributedPlan;
  /** The touch property by row; its values decide what is a touch. */
  readonly column: PropertyColumn;
}

/** Shares of one row after the other: row i of those asked for has those from starts[i] to starts[i + 1]. */
export interface Shares {
  readonly starts: Uint32Array;
  readonly slots: Uint32Array;
  readonly weights: Float64Array;
}

/** What the slots of a touch are, by the code of its value: slots[starts[code]] … slots[starts[code + 1] − 1]. */
export interface TouchSlots {
  readonly starts: Uint32Array;
  readonly slots: Uint32Array;
}

/**
 * How much of each row belongs to each slot of the touches up to it. A row without a touch has one share, of
 * the slots of code 0. Touches of which no slot is wanted take their share all the same (filtering happens
 * after attribution).
 */
export function attributedShares(
  rows: Uint32Array,
  { view, plan, column }: Touches,
  touchSlots: TouchSlots,
): Shares {
  const touchRows = findTouches(view, column);
  const starts = new Uint32Array(rows.length + 1);
  const slots = new GrowableUint32();
  const weights = new GrowableFloat64();
  const things = { view, column, touchSlots };
  const window = new TouchWindow(plan.model, touchRows, things);
  const add = (slot: number, weight: number): void => {
    slots.push(slot);
    weights.push(weight);
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const { first, end } = touchSpan(row, touchRows, view, plan.lookbackMs);
    if (isOwnTouch(row, touchRows[end - 1], view, column)) {
      // Events that are no touch for others are one for themselves.
      const own = new Uint32Array(end - first + 1);
      own.set(touchRows.subarray(first, end));
      own[end - first] = row;
      new TouchWindow(plan.model, own, things).shares(0, own.length, add);
    } else if (first < end) window.shares(first, end, add);
    else shareOfNothing(touchSlots, add);
    starts[i + 1] = slots.length;
    if (slots.length > sharesMax) throw tooManyShares(sharesMax);
  }
  return {
    starts,
    slots: slots.array.subarray(0, slots.length),
    weights: weights.array.subarray(0, weights.length),
  };
}

/** With their weights these are 400 MB, and as much again when a report puts them into segments. */
const sharesMax = 2 ** 25;

function tooManyShares(max: number): Error {
  return invalidQuery(
    `events are attributed to more than ${max} values in all, which do not fit into memory: shorten the ` +
      'lookback, or use a model that has one touch',
  );
}

function shareOfNothing(
  { starts, slots }: TouchSlots,
  add: (slot: number, weight: number) => void,
): void {
  for (let at = starts[0]; at < starts[1]; at++) add(slots[at], 1);
}

/** Whether a row has a value and is not the last of the touches up to it all the same. */
function isOwnTouch(
  row: number,
  last: number | undefined,
  { users }: ShardView,
  { codes, values }: PropertyColumn,
): boolean {
  const code = codes[row];
  return last !== row && users[row] !== 0 && code !== 0 && values[code] !== null;
}

/**
 * The touches of each row as a value: the one that has all of it, or the list of those that have a part. Filters
 * read it, and breakdowns of reports that count whole attempts or users.
 * Touches are read as another type (`castItem`) one by one.
 */
export function attributedColumn(
  plan: AttributedPlan,
  column: PropertyColumn,
  { view }: RowContext,
  castItem: (value: PropertyValue) => PropertyValue,
): PropertyColumn {
  const rows = Uint32Array.from({ length: view.rowCount }, (_, row) => row);
  const { length } = column.values;
  const own: TouchSlots = {
    starts: Uint32Array.from({ length: length + 1 }, (_, code) => code),
    slots: Uint32Array.from({ length }, (_, code) => code),
  };
  const { starts, slots } = attributedShares(rows, { view, plan, column }, own);
  const target = new ValueCodes();
  const isOne = plan.model.type === 'first' || plan.model.type === 'last';
  const codes = Uint32Array.from(rows, (row) => {
    const values = Array.from(slots.subarray(starts[row], starts[row + 1]), (code) =>
      code === 0 ? null : column.values[code],
    ).filter((value) => value !== null);
    if (values.length === 0) return target.codeOf(castItem(null));
    return target.codeOf(isOne ? castItem(values[0]) : inOneOrder(values.map(castItem)));
  });
  return { codes, values: target.values };
}

/** The items of all values, each once, in an order that does not depend on the touches. */
function inOneOrder(values: readonly PropertyValue[]): PropertyValue[] {
  const items = values.flatMap((value): readonly PropertyValue[] =>
    isList(value) ? value : [value],
  );
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText.keys()].sort().map((text) => byText.get(text) ?? null);
}

/** Rows with a value, ascending, without events of the protocol and ends of sessions: nobody meets with them. */
function findTouches(view: ShardView, { codes, values }: PropertyColumn): Uint32Array {
  const defined = definedCodes(values);
  const { eventNames, virtualFrom = eventNames.length } = view;
  const isTouch = Uint8Array.from(eventNames, (name, code) =>
    Number(code < virtualFrom && !protocolEvents.has(name)),
  );
  const touches = new Uint32Array(view.rowCount);
  let count = 0;
  for (let row = 0; row < view.rowCount; row++) {
    if (view.users[row] === 0 || defined[codes[row]] === 0) continue;
    if (isTouch[view.events[row]] === 1) touches[count++] = row;
  }
  return touches.slice(0, count);
}

/** The touches of a row's user up to the row itself, not longer ago than `lookbackMs`: [first, end) of them. */
function touchSpan(
  row: number,
  touchRows: Uint32Array,
  { times, users }: ShardView,
  lookbackMs: number,
): { readonly first: number; readonly end: number } {
  const end = firstFailing(touchRows, (touch) => touch <= row);
  const from = times[row] - lookbackMs;
  const user = users[row];
  const first = firstFailing(
    touchRows,
    (touch) => users[touch] < user || (users[touch] === user && times[touch] < from),
  );
  return user === 0 ? { first: 0, end: 0 } : { first, end };
}

/** Index of the first touch that fails a test which those before it pass. */
function firstFailing(touchRows: Uint32Array, passes: (touch: number) => boolean): number {
  let low = 0;
  let high = touchRows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(touchRows[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
