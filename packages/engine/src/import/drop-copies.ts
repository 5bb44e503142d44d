import type { ImportUsers } from './build-day.ts';
import type { ImportColumns } from './import-columns.ts';

/** Up to this many rows of one event, user and time are compared each with each. */
const pairwiseMax = 16;

/**
 * The sorted rows without those that a later one of the file is a copy of: the same event, time, distinct id as sent
 * and insert id. Copies lie side by side, for one distinct id is one user.
 */
export function dropCopies(
  rows: Uint32Array,
  columns: ImportColumns,
  users: ImportUsers,
): Uint32Array {
  const { times, events, users: sentBy } = columns;
  const { ordinals } = users;
  let kept = 0;
  let start = 0;
  for (let end = 1; end <= rows.length; end++) {
    const row = rows[start];
    const next = rows[end];
    const isAlike =
      end < rows.length &&
      times[row] === times[next] &&
      events[row] === events[next] &&
      ordinals[sentBy[row]] === ordinals[sentBy[next]];
    if (isAlike) continue;
    if (end - start === 1) {
      rows[kept++] = row;
    } else {
      const last = lastCopies(rows.slice(start, end), columns);
      rows.set(last, kept);
      kept += last.length;
    }
    start = end;
  }
  return rows.subarray(0, kept);
}

function lastCopies(group: Uint32Array, columns: ImportColumns): Uint32Array {
  if (group.length > pairwiseMax) return lastByKey(group, columns);
  return group.filter(
    (row, i) => !group.subarray(i + 1).some((later) => isCopy(row, later, columns)),
  );
}

function isCopy(row: number, other: number, columns: ImportColumns): boolean {
  if (columns.users[row] !== columns.users[other]) return false;
  const { insertIdBytes: bytes } = columns;
  const [start, end] = insertIdAt(row, columns);
  const [otherStart, otherEnd] = insertIdAt(other, columns);
  if (end - start !== otherEnd - otherStart) return false;
  for (let i = end - start - 1; i >= 0; i--) {
    if (bytes[start + i] !== bytes[otherStart + i]) return false;
  }
  return true;
}

function lastByKey(group: Uint32Array, columns: ImportColumns): Uint32Array {
  const last = new Map<string, number>();
  for (const row of group) {
    const [start, end] = insertIdAt(row, columns);
    const insertId = Buffer.from(columns.insertIdBytes.subarray(start, end)).toString('latin1');
    last.set(`${columns.users[row]} ${insertId}`, row);
  }
  return Uint32Array.from(last.values()).sort();
}

function insertIdAt(row: number, { insertIdEnds }: ImportColumns): [start: number, end: number] {
  return [row === 0 ? 0 : insertIdEnds[row - 1], insertIdEnds[row]];
}
