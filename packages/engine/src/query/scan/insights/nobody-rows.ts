import type { PreparedActivity, PreparedDay, PreparedEvent } from './prepared-days.ts';
import { listCodePieces, listUserPieces } from './user-entries.ts';
import type { UserGroup } from './user-group.ts';
import { UserScratch } from './user-scratch.ts';

/**
 * Rows of nobody (user 0) count no user, but their segments show in the answer, with 0. Taken once, by
 * whoever has the first range.
 */
export function addNobody(
  group: UserGroup,
  { rows, match, property, slots: dictionarySlots }: PreparedEvent,
  { pieces, observed }: PreparedDay,
): void {
  if (property === null || rows.users[0] !== 0) return;
  const { slots, segmentIndex } = group;
  const scratch = new UserScratch();
  const end = rows.starts[1];
  scratch.reserve(end);
  const judgement = match.judge(rows, 0, end, scratch.mask);
  if (judgement === 'none') return;
  const mask = judgement === 'some' ? scratch.mask : null;
  const slice = { rows, firstRun: 0, endRun: 1, firstRow: 0, endRow: end };
  let count: number;
  if (property.by === 'row' && dictionarySlots) {
    const { codes } = property.column;
    count = listCodePieces(slice, { codes, mask, base: 0 }, { pieces, observed }, scratch);
    count = scratch.expand(count, dictionarySlots, slots);
  } else {
    count = listUserPieces(slice, { mask, base: 0 }, { pieces, observed }, scratch);
    // Nobody has no properties, and only the name of the event is the same for him.
    const segment = segmentIndex.ofValue(property.by === 'event' ? property.value : null);
    if (count > 0) scratch.codes.fill(slots.slotOf(segment), 0, count);
  }
  for (let i = 0; i < count; i++) {
    for (const counter of group.segments) {
      counter.meetNobody(scratch.codes[i], scratch.pieces[i], pieces.first);
    }
  }
}

/** The same on a day of one piece, of which nothing but the activity is looked at. */
export function addActiveNobody(
  { presence, slots, segmentIndex, segments }: UserGroup,
  { users, property }: PreparedActivity,
  piece: number,
): void {
  if (property === null || users[0] !== 0 || presence?.users?.[0] === 0) return;
  const slot = slots.slotOf(segmentIndex.ofValue(null));
  for (const counter of segments) counter.meetNobody(slot, 1, piece);
}
