import type { Judgement } from '../row-tests.ts';
import type { EventMatch } from '../row-mask.ts';
import type { UserRange } from '../scan.ts';
import type { DayRows, EventRows } from '../scan-source.ts';
import { gatherCodes, slotsOfCodes } from './cell-entries.ts';
import type { DayPieces } from './day-pieces.ts';
import { propertyOf } from './property-columns.ts';
import type { RowProperty } from './property-columns.ts';
import { SegmentIds } from './segment-ids.ts';
import {
  listCodePieces,
  listCodes,
  listMaskedUsers,
  listUserPieces,
  listUsers,
  sliceRuns,
} from './user-entries.ts';
import type { RunSlice } from './user-entries.ts';
import type { UserGroup } from './user-group.ts';
import { UserScratch } from './user-scratch.ts';
import { UserStates } from './user-states.ts';

/** One event of a range on one day, and what its rows have been judged to be. */
interface Judged {
  readonly slice: RunSlice;
  readonly match: EventMatch;
  /** Null = every row of every run passes. */
  readonly mask: Uint8Array | null;
}

/** The users first … end − 1 of one group. */
export class GroupRange implements UserRange {
  readonly #group: UserGroup;
  readonly #scratch: UserScratch;
  readonly #first: number;
  readonly #end: number;
  readonly #overall: UserStates;
  readonly #segments: SegmentIds | null;

  constructor(group: UserGroup, first: number, end: number, scratch: UserScratch) {
    this.#group = group;
    this.#scratch = scratch;
    this.#first = first;
    this.#end = end;
    this.#overall = new UserStates(group.overall, end - first, group.pool);
    this.#segments = group.breakdown
      ? new SegmentIds(
          end - first,
          group.slots.count,
          (idCount) => new UserStates(group.segments, idCount, group.pool),
        )
      : null;
  }

  add(days: readonly DayRows[]): void {
    for (const day of days) {
      const pieces = this.#group.cutter.of(day.startMs);
      const observed = observedPieces(this.#group, pieces);
      if (observed === 0) continue;
      for (const rows of day.events) {
        const match = this.#group.match.ofEvent(rows.event);
        if (match !== null) this.#addEvent(rows, match, pieces, observed);
      }
      if (pieces.count === 1) continue;
      this.#overall.endDay(pieces.first);
      this.#segments?.states.endDay(pieces.first);
    }
  }

  close(): void {
    this.#overall.close();
    this.#segments?.states.close();
  }

  #addEvent(rows: EventRows, match: EventMatch, pieces: DayPieces, observed: number): void {
    if (this.#first === 1) this.#addNobody(rows, match, pieces, observed);
    const slice = sliceRuns(rows, this.#first, this.#end);
    const rowCount = slice.endRow - slice.firstRow;
    if (rowCount === 0) return;
    this.#scratch.reserve(rowCount);
    const { breakdown, source } = this.#group;
    const property = breakdown && propertyOf(breakdown, rows, source);
    if (pieces.count === 1 && match.usersDecide && property?.by !== 'row') {
      this.#addRuns({ slice, match, mask: null }, pieces.first, property);
      return;
    }
    const { mask } = this.#scratch;
    const judgement: Judgement = match.judge(rows, slice.firstRow, slice.endRow, mask);
    if (judgement === 'none') return;
    const judged = { slice, match, mask: judgement === 'some' ? mask : null };
    if (property?.by === 'row') this.#addByRow(judged, property, pieces, observed);
    else if (pieces.count === 1) this.#addRuns(judged, pieces.first, property);
    else this.#addRunPieces(judged, property, pieces, observed);
  }

  /** The whole day is one piece, and a run has one segment: users are all that is wanted. */
  #addRuns(
    { slice, match, mask }: Judged,
    piece: number,
    property: Exclude<RowProperty, { by: 'row' }> | null,
  ): void {
    const { users } = this.#scratch;
    const { rows, firstRun, endRun } = slice;
    // Without a mask rows decide nothing; where they decide something, the mask holds users as well.
    const passing = match.usersDecide ? match.users : null;
    if (mask === null && passing === null && property === null) {
      const all = { from: firstRun, end: endRun, base: this.#first };
      this.#overall.addInSlot(rows.users, all, 0, piece);
      return;
    }
    let count = endRun - firstRun;
    if (mask !== null) count = listMaskedUsers(slice, mask, this.#first, users);
    else if (passing !== null) count = listUsers(slice, passing, this.#first, users);
    else copyUsers(slice, this.#first, users);
    this.#overall.addInSlot(users, { from: 0, end: count, base: 0 }, 0, piece);
    if (property !== null) this.#addSegments(count, property, piece);
  }

  #addRunPieces(
    { slice, mask }: Judged,
    property: Exclude<RowProperty, { by: 'row' }> | null,
    pieces: DayPieces,
    observed: number,
  ): void {
    const scratch = this.#scratch;
    const count = listUserPieces(slice, mask, pieces, observed, this.#first, scratch);
    this.#overall.addPieces(scratch.users, null, scratch.pieces, count);
    if (property !== null) this.#addSegments(count, property, null);
  }

  #addByRow(
    { slice, mask }: Judged,
    property: Extract<RowProperty, { by: 'row' }>,
    pieces: DayPieces,
    observed: number,
  ): void {
    const scratch = this.#scratch;
    const { codes } = property.column;
    if (pieces.count === 1) {
      const count = listCodes(slice, codes, mask, this.#first, scratch);
      const whole = { from: 0, end: count, base: 0 };
      this.#overall.addInSlot(scratch.users, whole, 0, pieces.first);
      this.#addSegments(count, property, pieces.first);
      return;
    }
    const count = listCodePieces(slice, codes, mask, pieces, observed, this.#first, scratch);
    this.#overall.addPieces(scratch.users, null, scratch.pieces, count);
    this.#addSegments(count, property, null);
  }

  /** The listed users, in the segments that they or their rows have; `piece` null = each has its pieces. */
  #addSegments(count: number, property: RowProperty, piece: number | null): void {
    if (count === 0) return;
    const { slots, segmentIndex } = this.#group;
    const scratch = this.#scratch;
    let listed = count;
    if (property.by === 'event') {
      scratch.codes.fill(slots.slotOf(segmentIndex.ofValue(property.value)), 0, count);
    } else {
      const { codes, dictionary } = property.column;
      if (property.by === 'user') {
        gatherCodes(codes.subarray(this.#first, this.#end), scratch.users, count, scratch.codes);
      }
      const own = slots.of(dictionary);
      if (own.segments.several.size > 0) listed = scratch.expand(count, own, slots);
      else slotsOfCodes(scratch.codes, count, own, slots);
    }
    this.#group.reserveSlots();
    this.#countSegments(listed, piece);
  }

  #countSegments(count: number, piece: number | null): void {
    const { users, codes: ownSlots, pieces, ids } = this.#scratch;
    const segments = this.#segments;
    if (segments === null) return;
    const slotCount = this.#group.slots.count;
    segments.write(users, ownSlots, { count, slotCount }, ids);
    if (piece === null) segments.states.addPieces(ids, ownSlots, pieces, count);
    else segments.states.addInSlots(ids, ownSlots, count, piece);
  }
  /** Rows of nobody count no user, but their segments show in the answer, with 0. */
  #addNobody(rows: EventRows, match: EventMatch, pieces: DayPieces, observed: number): void {
    const { breakdown, source, slots, segmentIndex } = this.#group;
    if (breakdown === null || rows.users[0] !== 0) return;
    const scratch = new UserScratch();
    const end = rows.starts[1];
    scratch.reserve(end);
    const judgement = match.judge(rows, 0, end, scratch.mask);
    if (judgement === 'none') return;
    const property = propertyOf(breakdown, rows, source);
    const mask = judgement === 'some' ? scratch.mask : null;
    const slice = { rows, firstRun: 0, endRun: 1, firstRow: 0, endRow: end };
    let count: number;
    if (property.by === 'row') {
      const { codes, dictionary } = property.column;
      count = listCodePieces(slice, codes, mask, pieces, observed, 0, scratch);
      count = scratch.expand(count, slots.of(dictionary), slots);
    } else {
      count = listUserPieces(slice, mask, pieces, observed, 0, scratch);
      // Nobody has no properties, and only the name of the event is the same for him.
      const segment = segmentIndex.ofValue(property.by === 'event' ? property.value : null);
      if (count > 0) scratch.codes.fill(slots.slotOf(segment), 0, count);
    }
    for (let i = 0; i < count; i++) {
      for (const counter of this.#group.segments) {
        counter.meetNobody(scratch.codes[i], scratch.pieces[i], pieces.first);
      }
    }
  }
}

/** A bit for each piece of the day that some counter looks at. */
function observedPieces(group: UserGroup, { first, count }: DayPieces): number {
  let observed = 0;
  for (let piece = 0; piece < count; piece++) {
    if (group.observes(first + piece)) observed |= 1 << piece;
  }
  return observed;
}

function copyUsers({ rows, firstRun, endRun }: RunSlice, base: number, out: Uint32Array): void {
  for (let run = firstRun; run < endRun; run++) out[run - firstRun] = rows.users[run] - base;
}
