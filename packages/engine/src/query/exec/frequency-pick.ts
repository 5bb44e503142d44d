import type { ListPoint } from '@arbor/schema/query';
import type { FrequencyPlan } from '../plan/plan-types.ts';
import { countLines, frequencyRows } from './frequency-rows.ts';
import type { FrequencyRows } from './frequency-rows.ts';
import type { Picked } from './picked.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import { slotOfPoint } from './segment-point.ts';
import { hasBreakdown, segmentedBy } from './segments.ts';
import type { ShardView } from './shard-view.ts';

type FrequencyPoint = Extract<ListPoint, { type: 'frequency' }>;

/** Users counted at a time: as many lines with a cell for each number of times up to the one asked for. */
const usersAtOnce = 65_536;

/** Who was active so often in a row of the table, and all that they did in it. */
export function pickFrequency(
  plan: FrequencyPlan,
  point: FrequencyPoint,
  stored: ShardView,
): Picked {
  const { times } = point;
  const context = createRowContext(plan, stored);
  const rows = frequencyRows(plan, context);
  const own = rowsOfPoint(plan, point, rows, context);
  const users: number[] = [];
  const events: number[] = [];
  for (let first = 0; first < own.length;) {
    const lines = userLines(own, first, rows);
    const chosen = own.subarray(first, first + lines.ofEntry.length);
    const entries = { rows: chosen, slots: new Uint32Array(chosen.length), slotCount: 1 };
    const counts = countLines(entries, rows, lines, times + 1);
    const has = (line: number): boolean =>
      counts[line * (times + 1) + times - 1] === 1 &&
      (plan.cumulative || counts[line * (times + 1) + times] === 0);
    for (let i = 0; i < chosen.length; i++) {
      if (!has(lines.ofEntry[i])) continue;
      const user = rows.users[chosen[i]];
      if (users[users.length - 1] !== user) users.push(user);
      events.push(chosen[i]);
    }
    first += chosen.length;
  }
  return { view: context.view, users: Uint32Array.from(users), rows: Uint32Array.from(events) };
}

/** Rows of the segment in the bucket, ascending. */
function rowsOfPoint(
  plan: FrequencyPlan,
  { bucket, segment }: FrequencyPoint,
  { rows, buckets }: FrequencyRows,
  { frame }: RowContext,
): Uint32Array {
  const chosen = rows.filter((row) => buckets[row] === bucket);
  if (segment === null) return chosen;
  if (!hasBreakdown(plan)) return new Uint32Array(0);
  const entries = segmentedBy(plan, chosen, frame);
  const slot = slotOfPoint(segment, entries.segments);
  return entries.rows.filter((_, i) => entries.slots[i] === slot);
}

/** A line for each user, from one row on: all rows of a user lie together. */
function userLines(own: Uint32Array, first: number, { users }: FrequencyRows) {
  const ofEntry: number[] = [];
  let count = 0;
  for (let at = first; at < own.length; at++) {
    if (at === first || users[own[at]] !== users[own[at - 1]]) {
      if (count === usersAtOnce) break;
      count++;
    }
    ofEntry.push(count - 1);
  }
  return { ofEntry: Uint32Array.from(ofEntry), count };
}
