import type { Segment } from '@arbor/schema/result';
import { gather } from '../kernels/mask.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import type { RetentionRows } from './retention-rows.ts';
import type { RowContext } from './row-context.ts';
import { hasBreakdown, otherEntries, segmentedBy, unsegmented } from './segments.ts';
import type { Entries, SegmentedEntries } from './segments.ts';

/**
 * Births and returns with their segments. Which event decides (6.6):
 * - `birth`: all returns lie in slot 0 and count in every segment of the birth;
 * - `both`: a return counts in the segments that the birth has too;
 * - `return`: births lie in slot 0; a return counts in its own segments, of which each has the whole cohort.
 */
export interface RetentionSplit {
  readonly by: 'birth' | 'return' | 'both';
  readonly births: Entries;
  readonly returns: Entries;
  /** By slot of whichever event decides. */
  readonly segments: readonly Segment[];
}

export const otherSegment: Segment = { type: 'other', text: '(other)' };

/** Everything in one segment: the row over all of them, and a report without breakdown. */
export function wholeSplit({ births, returns }: RetentionRows): RetentionSplit {
  return { by: 'birth', births: unsegmented(births), returns: unsegmented(returns), segments: [] };
}

/**
 * Null = the plan has no breakdown. `listed`: keys of segments (`segmentKey`), for the one segment of all others;
 * null = every segment by itself.
 */
export function splitRows(
  plan: RetentionPlan,
  rows: RetentionRows,
  context: RowContext,
  listed: readonly string[] | null,
): RetentionSplit | null {
  if (!hasBreakdown(plan)) return null;
  const by = plan.options?.segmentBy ?? 'birth';
  const chosen = decidingRows(by, rows);
  const own = besides(segmentsOf(plan, chosen, rows, context), listed);
  const { segments } = own;
  switch (by) {
    case 'birth':
      return { by, births: own, returns: unsegmented(rows.returns), segments };
    case 'return':
      return { by, births: unsegmented(rows.births), returns: own, segments };
    case 'both':
      return {
        by,
        births: entriesAt(own, rows.births),
        returns: entriesAt(own, rows.returns),
        segments,
      };
  }
}

function decidingRows(by: RetentionSplit['by'], { births, returns }: RetentionRows): Uint32Array {
  if (by === 'birth') return births;
  return by === 'return' ? returns : union(births, returns);
}

/** Rows here with their segments. */
function segmentsOf(
  plan: RetentionPlan,
  chosen: Uint32Array,
  { viewRows }: RetentionRows,
  { view, frame }: RowContext,
): SegmentedEntries {
  const rowOf = new Uint32Array(view.rowCount);
  for (let row = 0; row < viewRows.length; row++) rowOf[viewRows[row]] = row;
  const things = new Uint32Array(chosen.length);
  gather(viewRows, chosen, things);
  const { rows, ...entries } = segmentedBy(plan, things, frame);
  const own = new Uint32Array(rows.length);
  gather(rowOf, rows, own);
  return { ...entries, rows: own };
}

/** What lies in a segment that is not listed, as one segment. */
function besides(entries: SegmentedEntries, listed: readonly string[] | null): SegmentedEntries {
  if (listed === null) return entries;
  return { ...otherEntries(entries, new Set(listed)), segments: [otherSegment] };
}

/** The entries of some of the rows; both ascend by row. */
function entriesAt({ rows, slots, slotCount }: Entries, chosen: Uint32Array): Entries {
  const own = { rows: new Uint32Array(rows.length), slots: new Uint32Array(rows.length) };
  let count = 0;
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    while (at < chosen.length && chosen[at] < rows[i]) at++;
    if (at === chosen.length) break;
    if (chosen[at] !== rows[i]) continue;
    own.rows[count] = rows[i];
    own.slots[count++] = slots[i];
  }
  return { rows: own.rows.slice(0, count), slots: own.slots.slice(0, count), slotCount };
}

/** Two ascending lists as one, each row once. */
function union(left: Uint32Array, right: Uint32Array): Uint32Array {
  const both = new Uint32Array(left.length + right.length);
  let count = 0;
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const row = j === right.length || (i < left.length && left[i] <= right[j]) ? left[i] : right[j];
    if (left[i] === row) i++;
    if (right[j] === row) j++;
    both[count++] = row;
  }
  return both.slice(0, count);
}
