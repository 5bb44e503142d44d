import { gatherMask } from '../../kernels/mask.ts';
import { orderWithinUsers } from '../../kernels/order-within-users.ts';
import type { StreamRows } from '../../kernels/stream-index.ts';
import type { PropertyPlan } from '../../plan/plan-types.ts';
import type { RowContext } from '../row-context.ts';
import type { Entries } from '../segments.ts';
import type { FunnelRows } from './funnel-rows.ts';
import { viewCodes, viewTimes } from './funnel-rows.ts';

const none = new Uint32Array(0);

/**
 * The rows of steps as streams: one a user; with properties held constant one for each of their values, without
 * rows that lack one (5.6); and with `lanes` (view rows and slots) one for each slot.
 */
export function streamsOf(
  rows: FunnelRows,
  hold: readonly PropertyPlan[],
  lanes: Entries | null,
  context: RowContext,
): StreamRows {
  const all = lanes === null ? rows.stepRows : lanes.rows;
  const held = hold.length === 0 ? null : heldValues(hold, all, context);
  const order = streamOrder(all, lanes, held, context);
  const viewRows = order === null ? all : viewCodes(all, order);
  const { view } = context;
  return {
    count: viewRows.length,
    viewRows,
    times: viewTimes(view.times, viewRows),
    users: viewCodes(view.users, viewRows),
    lanes: lanesOf(viewRows.length, order, lanes, held),
    slots: lanes === null || order === null ? none : viewCodes(lanes.slots, order),
    sessions: rows.sessions === null ? none : viewCodes(rows.sessions, viewRows),
    steps: rows.steps.map((mask) => {
      const own = new Uint8Array(viewRows.length);
      gatherMask(mask, viewRows, own);
      return own;
    }),
  };
}

/** Places of rows by user, then by slot and held value; null where they lie so already. */
function streamOrder(
  rows: Uint32Array,
  lanes: Entries | null,
  held: HeldValues | null,
  { view }: RowContext,
): Uint32Array | null {
  if (lanes === null && held === null) return null;
  const order = new Uint32Array(rows.length);
  let count = 0;
  for (let place = 0; place < rows.length; place++) {
    if (held === null || held.codes[place] > 0) order[count++] = place;
  }
  const own = order.subarray(0, count);
  orderWithinUsers(own, viewCodes(view.users, rows), streamKeys(rows.length, lanes, held));
  return own;
}

/** By place: slot and held value as one number. */
function streamKeys(count: number, lanes: Entries | null, held: HeldValues | null): Float64Array {
  const keys = new Float64Array(count);
  const valueCount = held?.count ?? 1;
  if (lanes !== null) for (let i = 0; i < count; i++) keys[i] = lanes.slots[i] * valueCount;
  if (held !== null) for (let i = 0; i < count; i++) keys[i] += held.codes[i];
  return keys;
}

/** Tells streams of one user apart: neighbours in the order have the same where slot and value are the same. */
function lanesOf(
  count: number,
  order: Uint32Array | null,
  lanes: Entries | null,
  held: HeldValues | null,
): Uint32Array {
  const own = new Uint32Array(count);
  if (order === null) return own;
  for (let i = 1; i < count; i++) {
    const [place, before] = [order[i], order[i - 1]];
    const isSame =
      (lanes === null || lanes.slots[place] === lanes.slots[before]) &&
      (held === null || held.codes[place] === held.codes[before]);
    own[i] = own[i - 1] + Number(!isSame);
  }
  return own;
}

interface HeldValues {
  /** By place: which combination of values, 0 = one of them is missing. */
  readonly codes: Uint32Array;
  readonly count: number;
}

function heldValues(
  hold: readonly PropertyPlan[],
  rows: Uint32Array,
  { frame }: RowContext,
): HeldValues {
  const codes = new Uint32Array(rows.length).fill(1);
  let count = 2;
  for (const property of hold) {
    const column = frame.column(property);
    if (column === undefined) return { codes: codes.fill(0), count: 1 };
    const { values } = column;
    const known = new Map<number, number>();
    for (let i = 0; i < rows.length; i++) {
      const code = column.codes[rows[i]];
      if (codes[i] === 0 || code === 0 || values[code] === null) {
        codes[i] = 0;
        continue;
      }
      const pair = codes[i] * values.length + code;
      let combined = known.get(pair);
      if (combined === undefined) {
        combined = known.size + 1;
        known.set(pair, combined);
      }
      codes[i] = combined;
    }
    count = known.size + 1;
  }
  return { codes, count };
}
