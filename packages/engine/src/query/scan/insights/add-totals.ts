import type { EventMatch } from '../row-mask.ts';
import type { EventRows } from '../scan-source.ts';
import { countCodes, countCodesOfUsers, countMaskedCodes } from './cell-entries.ts';
import type { CountAccumulator } from './count-accumulator.ts';
import type { RowProperty } from './property-columns.ts';
import { countRows } from './select-rows.ts';
import type { RowScratch } from './select-rows.ts';
import { unassigned } from './slot-table.ts';
import type { SlotTable } from './slot-table.ts';

export interface TotalsInput {
  readonly rows: EventRows;
  readonly match: EventMatch;
  /** The breakdown; null = there is none. */
  readonly property: RowProperty | null;
  /** In which all rows lie. */
  readonly bucket: number;
  readonly segmentOf: (value: string | null) => number;
}

/**
 * Counts the rows of an event on a day that lies in one bucket, without a list of them: by a histogram of
 * codes, by runs of users, or from the number of rows alone. Returns whether it could.
 */
export function addTotals(
  { rows, match, property, bucket, segmentOf }: TotalsInput,
  { whole, counts, slots }: { whole: CountAccumulator; counts: CountAccumulator; slots: SlotTable },
  scratch: RowScratch,
): boolean {
  if (property === null) {
    whole.addRows(0, bucket, countRows(match, rows, scratch));
    return true;
  }
  if (property.by === 'event') {
    const count = countRows(match, rows, scratch);
    if (count === 0) return true;
    const slot = slots.slotOf(segmentOf(property.value));
    counts.reserve(slots.count);
    counts.addRows(slot, bucket, count);
    return true;
  }
  const { dictionary } = property.column;
  const own = slots.of(dictionary);
  // A histogram that is longer than the list would be gains nothing.
  if (own.byCode.length > 2 * rows.rowCount + 256 || own.segments.several.size > 0) return false;
  const byCode = countByCode(rows, match, property, own.byCode.length, scratch);
  if (byCode === null) return false;
  for (let code = 0; code < byCode.length; code++) {
    if (byCode[code] === 0) continue;
    const known = own.byCode[code];
    const slot = known === unassigned ? slots.assign(own, code) : known;
    counts.reserve(slots.count);
    counts.addRows(slot, bucket, byCode[code]);
  }
  return true;
}

/** Null = the rows must be listed. */
function countByCode(
  rows: EventRows,
  match: EventMatch,
  { by, column: { codes } }: Extract<RowProperty, { by: 'row' | 'user' }>,
  length: number,
  scratch: RowScratch,
): Uint32Array | null {
  const counts = new Uint32Array(length);
  if (by === 'user') {
    if (!match.usersDecide) return null;
    countCodesOfUsers(rows, codes, match.users, counts);
    return counts;
  }
  scratch.reserve(rows.rowCount);
  const judgement = match.judge(rows, 0, rows.rowCount, scratch.mask);
  if (judgement === 'all') countCodes(codes, rows.rowCount, counts, new Uint32Array(length));
  if (judgement === 'some') countMaskedCodes(codes, scratch.mask, rows.rowCount, counts);
  return counts;
}
