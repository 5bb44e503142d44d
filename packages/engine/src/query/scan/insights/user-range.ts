import type { UserRange } from '../scan.ts';
import type { DayRows } from '../scan-source.ts';
import { sliceUsers } from '../user-slice.ts';
import type { UserSlice } from '../user-slice.ts';
import { gatherCodes, slotsOfCodes } from './cell-entries.ts';
import { addActiveNobody, addNobody } from './nobody-rows.ts';
import type { PreparedActivity, PreparedDay, PreparedEvent, SegmentedBy } from './prepared-days.ts';
import { SegmentIds } from './segment-ids.ts';
import {
  copyUsers,
  listCodePieces,
  listCodes,
  listMaskedUsers,
  listPassingUsers,
  listUserPieces,
  listUsers,
  sliceRuns,
} from './user-entries.ts';
import type { RunSlice } from './user-entries.ts';
import type { UserGroup } from './user-group.ts';
import type { UserScratch } from './user-scratch.ts';
import { UserStates } from './user-states.ts';

/** One event of a range on one day, and what its rows have been judged to be. */
interface Judged {
  readonly event: PreparedEvent;
  readonly slice: RunSlice;
  /** From the first row of the slice on; null = every row passes. */
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
    for (const each of days) {
      const day = this.#group.prepared.of(each);
      if (day.activity !== null) this.#addActivity(day.activity, day.pieces.first);
      for (const event of day.events) this.#addEvent(event, day);
      if (day.pieces.count === 1) continue;
      this.#overall.endDay(day.pieces.first);
      this.#segments?.states.endDay(day.pieces.first);
    }
  }

  close(): void {
    this.#overall.close();
    this.#segments?.states.close();
  }

  #addActivity(activity: PreparedActivity, piece: number): void {
    if (this.#first === 1) addActiveNobody(this.#group, activity, piece);
    const slice = sliceUsers(activity, this.#first, this.#end, activity.cursor);
    this.#addUsers(activity, slice, this.#group.presence?.users ?? null, piece);
  }

  #addEvent(event: PreparedEvent, day: PreparedDay): void {
    const { rows, match, property, cursor } = event;
    if (this.#first === 1) addNobody(this.#group, event, day);
    const slice = sliceRuns(rows, this.#first, this.#end, cursor);
    const rowCount = slice.endRow - slice.firstRow;
    if (rowCount === 0) return;
    if (day.pieces.count === 1 && match.usersDecide && property?.by !== 'row') {
      this.#addRuns({ event, slice, mask: null }, day.pieces.first);
      return;
    }
    this.#scratch.reserve(rowCount);
    const isWhole = day.pieces.count === 1 && property?.by !== 'row';
    const codes = isWhole && match.users === null ? match.onlyCodes(rows) : null;
    if (codes !== null) {
      const count = listPassingUsers(slice, codes, this.#first, this.#scratch.users);
      this.#addListed(event, count, day.pieces.first);
      return;
    }
    const judgement = match.judge(rows, slice.firstRow, slice.endRow, this.#scratch.mask);
    if (judgement === 'none') return;
    const judged = { event, slice, mask: judgement === 'some' ? this.#scratch.mask : null };
    if (day.pieces.count > 1) this.#addPieces(judged, day);
    else if (property?.by === 'row') this.#addCodes(judged, day.pieces.first);
    else this.#addRuns(judged, day.pieces.first);
  }

  /** The whole day is one piece, and a run has one segment: users are all that is wanted. */
  #addRuns({ event, slice, mask }: Judged, piece: number): void {
    if (mask === null) {
      // Where rows decide something, the mask holds what users decide as well.
      const passing = event.match.usersDecide ? event.match.users : null;
      this.#addUsers(event, slice, passing, piece);
    } else {
      const count = listMaskedUsers(slice, mask, this.#first, this.#scratch.users);
      this.#addListed(event, count, piece);
    }
  }

  /** Users of a slice who pass; `passing` null = all do. */
  #addUsers(by: SegmentedBy, slice: UserSlice, passing: Uint8Array | null, piece: number): void {
    const { rows, firstRun, endRun } = slice;
    if (passing === null && by.property === null) {
      const all = { from: firstRun, end: endRun, base: this.#first };
      this.#overall.addOnce(rows.users, all, piece);
      return;
    }
    let count = endRun - firstRun;
    // Not before it is needed: room for a day of a range is more than a small question takes else.
    this.#scratch.reserve(count);
    const { users } = this.#scratch;
    if (passing !== null) count = listUsers(slice, passing, this.#first, users);
    else copyUsers(slice, this.#first, users);
    this.#addListed(by, count, piece);
  }

  /** Those in the scratch, one a run. */
  #addListed(by: SegmentedBy, count: number, piece: number): void {
    this.#overall.addOnce(this.#scratch.users, { from: 0, end: count, base: 0 }, piece);
    this.#addSegments(by, count, piece);
  }

  /** The same where each row has a segment of its own. */
  #addCodes({ event, slice, mask }: Judged, piece: number): void {
    if (event.property?.by !== 'row') return;
    const scratch = this.#scratch;
    const { codes } = event.property.column;
    const count = listCodes(slice, { codes, mask, base: this.#first }, scratch);
    this.#overall.addInSlot(scratch.users, { from: 0, end: count, base: 0 }, 0, piece);
    this.#addSegments(event, count, piece);
  }

  /** The day has several pieces: what a user is active in is gathered, and counted when it ends. */
  #addPieces({ event, slice, mask }: Judged, day: PreparedDay): void {
    const scratch = this.#scratch;
    const base = this.#first;
    const count =
      event.property?.by === 'row'
        ? listCodePieces(slice, { codes: event.property.column.codes, mask, base }, day, scratch)
        : listUserPieces(slice, { mask, base }, day, scratch);
    this.#overall.addPieces(scratch.users, null, scratch.pieces, count);
    this.#addSegments(event, count, null);
  }

  /** The listed users, in the segments that they or their rows have; `piece` null = each has its pieces. */
  #addSegments({ property, slots }: SegmentedBy, count: number, piece: number | null): void {
    if (count === 0 || property === null || this.#segments === null) return;
    const { slots: table, segmentIndex } = this.#group;
    const scratch = this.#scratch;
    let listed = count;
    if (property.by === 'event') {
      scratch.codes.fill(table.slotOf(segmentIndex.ofValue(property.value)), 0, count);
    } else if (slots !== null) {
      if (property.by === 'user') {
        const codes = property.column.codes.subarray(this.#first, this.#end);
        gatherCodes(codes, scratch.users, count, scratch.codes);
      }
      if (slots.several.size > 0) listed = scratch.expand(count, slots, table);
      else slotsOfCodes(scratch.codes, count, slots, table);
    }
    this.#group.reserveSlots();
    const { users, codes: ownSlots, pieces, ids } = scratch;
    this.#segments.write(users, ownSlots, { count: listed, slotCount: table.count }, ids);
    const { states } = this.#segments;
    if (piece === null) states.addPieces(ids, ownSlots, pieces, listed);
    else states.addInSlots(ids, ownSlots, listed, piece);
  }
}
