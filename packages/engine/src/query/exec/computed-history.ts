import type { ComputedPlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';
import { ValueCodes } from './value-codes.ts';

/** 1 by code where there is a value. */
export function definedCodes(values: PropertyColumn['values']): Uint8Array {
  return Uint8Array.from(values, (value, code) => Number(code > 0 && value !== null));
}

/**
 * The value that the user's latest event of the selector before each row has (14.4), of those that have one;
 * nothing where that was longer ago than the plan allows.
 */
export function borrowedColumn(
  { selector, withinMs }: Extract<ComputedPlan, { type: 'borrowed' }>,
  source: PropertyColumn,
  { view, frame }: RowContext,
): PropertyColumn {
  const { times, users } = view;
  const lenders = selectorMask(selector, [], view, frame);
  const defined = definedCodes(source.values);
  const codes = new Uint32Array(view.rowCount);
  let lender = -1;
  for (let row = 0; row < codes.length; row++) {
    if (lender >= 0 && users[lender] !== users[row]) lender = -1;
    if (lender >= 0 && times[row] - times[lender] <= withinMs) codes[row] = source.codes[lender];
    if (users[row] !== 0 && lenders[row] === 1 && defined[source.codes[row]] === 1) lender = row;
  }
  return { codes, values: source.values };
}

/** What an event has that its user never did again (14.8). */
export const neverAgain = 'Did not convert';

/** Seconds from each row to the user's next event of the same name; nobody does anything again. */
export function untilNextColumn({
  rowCount,
  users,
  events,
  times,
  eventNames,
}: ShardView): PropertyColumn {
  const target = new ValueCodes();
  const codes = new Uint32Array(rowCount);
  // By event: the row of it that was last seen, and one more; rows are gone through from the last one.
  const nextRow = new Uint32Array(eventNames.length);
  for (let row = rowCount - 1; row >= 0; row--) {
    if (users[row] === 0) continue;
    const next = nextRow[events[row]] - 1;
    const isOwn = next >= 0 && users[next] === users[row];
    codes[row] = target.codeOf(isOwn ? (times[next] - times[row]) / 1000 : neverAgain);
    nextRow[events[row]] = row + 1;
  }
  return { codes, values: target.values };
}
