import { GrowableUint32 } from '../../base/growable.ts';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { placeIn, type MoveRows, type RowChange } from './row-change.ts';
import { sendersOf } from './sender.ts';

/** What a change does to the rows of one segment. Lists of rows ascend. */
export interface ChangedRows {
  /** Of the users of the change, without those that another segment hides. */
  readonly visible: Uint32Array;
  /** Of the users of the change, hidden by another segment. */
  readonly hidden: Uint32Array;
  /** Those of `visible` that leave their place. */
  readonly leaving: Uint32Array;
  /** Those of `visible` among which the events are that a task tells of. */
  readonly counted: Uint32Array;
  /** Where they go; none = they are gone. */
  readonly moves: readonly Move[];
  /** Users of the change who have visible rows afterwards. */
  readonly usersAfter: ReadonlySet<number>;
}

export interface Move {
  readonly to: number;
  readonly rows: Uint32Array;
}

interface Context {
  readonly hiddenRows: Uint32Array;
  readonly change: RowChange;
  readonly userId: (ordinal: number) => string;
}

export function changedRows(rows: SegmentRows, context: Context): ChangedRows {
  const { change, userId } = context;
  const { visible, hidden } = rowsOfUsers(rows, context);
  if (change.type === 'move') {
    return { visible, hidden, ...divided(rows, visible, { change, userId }) };
  }
  const leaving = new GrowableUint32();
  const usersAfter = new Set<number>();
  for (const row of visible) {
    if (rows.batchSequences[rows.batches[row]] < change.until) leaving.push(row);
    else usersAfter.add(rows.users[row]);
  }
  return { visible, hidden, leaving: listOf(leaving), counted: visible, moves: [], usersAfter };
}

function rowsOfUsers(
  { rowCount, users }: SegmentRows,
  { hiddenRows, change }: Context,
): Pick<ChangedRows, 'visible' | 'hidden'> {
  const isHidden = new Uint8Array(rowCount);
  for (let i = 0; i < hiddenRows.length; i++) isHidden[hiddenRows[i]] = 1;
  const isMeant = new Uint8Array((change.users.at(-1) ?? 0) + 1);
  for (let i = 0; i < change.users.length; i++) isMeant[change.users[i]] = 1;
  const visible = new GrowableUint32();
  const hidden = new GrowableUint32();
  for (let row = 0; row < rowCount; row++) {
    if (users[row] >= isMeant.length || isMeant[users[row]] === 0) continue;
    if (isHidden[row] === 1) hidden.push(row);
    else visible.push(row);
  }
  return { visible: listOf(visible), hidden: listOf(hidden) };
}

/** Each row to the part of the user under whose identifier it was sent. */
function divided(
  rows: SegmentRows,
  visible: Uint32Array,
  { change, userId }: { readonly change: MoveRows; readonly userId: Context['userId'] },
): Pick<ChangedRows, 'leaving' | 'counted' | 'moves' | 'usersAfter'> {
  const identifiers = new Set(change.identifiers);
  const staying = new Set(change.staying);
  const senderOf = sendersOf(rows, userId);
  const leaving = new GrowableUint32();
  const off = new GrowableUint32();
  const back = new GrowableUint32();
  const counted = new GrowableUint32();
  const usersAfter = new Set<number>();
  for (const row of visible) {
    const user = rows.users[row];
    const sender = senderOf(row);
    const splitsOff = identifiers.has(sender);
    const place = placeIn(change.users, user);
    const isOff = change.splitsOff[place] === 1;
    // What lies with a part that stood alone is its own already.
    if (splitsOff && (!isOff || change.wasTogether[place] === 1)) counted.push(row);
    if (splitsOff ? isOff : !isOff || !staying.has(sender)) {
      usersAfter.add(user);
      continue;
    }
    leaving.push(row);
    (splitsOff ? off : back).push(row);
    usersAfter.add(splitsOff ? change.leaves : change.stays);
  }
  const moves = [
    { to: change.leaves, rows: listOf(off) },
    { to: change.stays, rows: listOf(back) },
  ].filter((move) => move.rows.length > 0);
  return { leaving: listOf(leaving), counted: listOf(counted), moves, usersAfter };
}

function listOf({ array, length }: GrowableUint32): Uint32Array {
  return array.slice(0, length);
}
