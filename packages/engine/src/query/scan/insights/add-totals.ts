import type { EventMatch } from '../row-mask.ts';
import type { EventRows } from '../scan-source.ts';
import {
  countCodes,
  countCodesInPieces,
  countCodesOfUsers,
  countInPieces,
  countMaskedCodes,
} from './count-kernels.ts';
import type { CountAccumulator } from './count-accumulator.ts';
import type { DayPieces } from './day-pieces.ts';
import type { RowProperty } from './property-columns.ts';
import { countRows } from './select-rows.ts';
import type { RowScratch } from './select-rows.ts';
import type { SlotTable } from './slot-table.ts';

export interface TotalsInput {
  readonly rows: EventRows;
  readonly match: EventMatch;
  /** The breakdown; null = there is none. */
  readonly property: RowProperty | null;
  /** Piece p of the day is bucket p − 1. */
  readonly pieces: DayPieces;
  readonly bucketCount: number;
  readonly segmentOf: (value: string | null) => number;
}

export interface TotalsTargets {
  /** Of all rows; for reports without a breakdown. */
  readonly whole: CountAccumulator;
  /** By slot. */
  readonly counts: CountAccumulator;
  readonly slots: SlotTable;
}

/**
 * Counts the rows of an event on one day without a list of them: by a histogram of codes, by runs of
 * users, or from the number of rows alone. Returns whether it could.
 */
export function addTotals(
  input: TotalsInput,
  targets: TotalsTargets,
  scratch: RowScratch,
): boolean {
  const { property } = input;
  if (property === null || property.by === 'event') {
    addWhole(input, targets, scratch);
    return true;
  }
  const own = targets.slots.of(property.column.dictionary);
  const codeCount = own.byCode.length;
  const cells = codeCount * input.pieces.count;
  // A histogram that is longer than the list would be gains nothing.
  if (cells > 2 * input.rows.rowCount + 256 || own.several.size > 0) return false;
  const counts = countByCode(input, property, codeCount, scratch);
  if (counts === null) return false;
  for (let cell = 0; cell < cells; cell++) {
    const bucket = input.pieces.first - 1 + Math.floor(cell / codeCount);
    if (counts[cell] === 0 || bucket < 0 || bucket >= input.bucketCount) continue;
    const code = cell % codeCount;
    const slot = targets.slots.slotOf(own.byCode[code]);
    targets.counts.reserve(targets.slots.count);
    targets.counts.addRows(slot, bucket, counts[cell]);
  }
  return true;
}

/** All rows lie in one segment. */
function addWhole(
  { rows, match, property, pieces, bucketCount, segmentOf }: TotalsInput,
  { whole, counts, slots }: TotalsTargets,
  scratch: RowScratch,
): void {
  const byPiece = new Uint32Array(pieces.count);
  if (pieces.count === 1) byPiece[0] = countRows(match, rows, scratch);
  else countPieces(rows, match, pieces, scratch, byPiece);
  for (let piece = 0; piece < pieces.count; piece++) {
    const bucket = pieces.first - 1 + piece;
    if (byPiece[piece] === 0 || bucket < 0 || bucket >= bucketCount) continue;
    if (property?.by !== 'event') {
      whole.addRows(0, bucket, byPiece[piece]);
      continue;
    }
    const slot = slots.slotOf(segmentOf(property.value));
    counts.reserve(slots.count);
    counts.addRows(slot, bucket, byPiece[piece]);
  }
}

function countPieces(
  rows: EventRows,
  match: EventMatch,
  pieces: DayPieces,
  scratch: RowScratch,
  byPiece: Uint32Array,
): void {
  scratch.reserve(rows.rowCount);
  const judgement = match.judge(rows, 0, rows.rowCount, scratch.mask);
  if (judgement === 'none') return;
  const mask = judgement === 'some' ? scratch.mask : null;
  countInPieces(rows.times, mask, pieces, byPiece);
}

/** By piece and code; null = the rows must be listed. */
function countByCode(
  { rows, match, pieces }: TotalsInput,
  { by, column: { codes } }: Extract<RowProperty, { by: 'row' | 'user' }>,
  codeCount: number,
  scratch: RowScratch,
): Uint32Array | null {
  const counts = new Uint32Array(codeCount * pieces.count);
  if (by === 'user') {
    if (!match.usersDecide || pieces.count > 1) return null;
    countCodesOfUsers(rows, codes, match.users, counts);
    return counts;
  }
  scratch.reserve(rows.rowCount);
  const judgement = match.judge(rows, 0, rows.rowCount, scratch.mask);
  if (judgement === 'none') return counts;
  const mask = judgement === 'some' ? scratch.mask : null;
  if (pieces.count > 1) {
    countCodesInPieces({ times: rows.times, codes, mask }, pieces, codeCount, counts);
  } else if (mask === null) {
    countCodes(codes, rows.rowCount, counts, new Uint32Array(codeCount));
  } else {
    countMaskedCodes(codes, mask, rows.rowCount, counts);
  }
  return counts;
}
