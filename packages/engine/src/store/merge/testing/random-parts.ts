import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { dayMs, type SegmentRows } from '../../../format/segment/segment-rows.ts';
import type { MergeUsers } from '../event-part.ts';
import { compareText, copyKey, type ObjectRow, segmentRowsOf, timeOf } from './object-rows.ts';

/** Parts as they come out of index jobs, with the rows that each got as objects. */
export interface PartsCase {
  readonly users: MergeUsers;
  /** Ascending by day, then generation. */
  readonly parts: readonly { readonly day: number; readonly rows: SegmentRows }[];
  /** All of them with the index of their part, copies included. */
  readonly given: readonly GivenRow[];
}

const ids = ['', 'a', 'b', 'c', 'd'];
export const idOf = (ordinal: number): string => ids[ordinal];
export const firstDay = 19_000;

const value: fc.Arbitrary<PropertyValue> = fc.constantFrom(1, '1', true, null, 'x', ['x'], 2.5);

/** Few of everything, so that copies, ties and merges are frequent. */
const anyRow = fc.record({
  event: fc.constantFrom('View', 'Buy', 'Zoom'),
  day: fc.nat({ max: 1 }),
  time: fc.nat({ max: 3 }),
  sent: fc.option(fc.record({ day: fc.nat({ max: 1 }), time: fc.nat({ max: 3 }) }), {
    freq: 4,
    nil: undefined,
  }),
  sentId: fc.nat({ max: 4 }),
  /** Chooses the ordinal among those of the user. */
  member: fc.nat({ max: 3 }),
  insertId: fc.constantFrom('i', 'jj', 'k'),
  sequence: fc.nat({ max: 5 }),
  properties: fc.dictionary(fc.constantFrom('p', 'q'), value, { noNullPrototype: true }),
});

/** `days` = on how many days; 1 or 2. */
export function anyParts(days: number): fc.Arbitrary<PartsCase> {
  return fc
    .record({
      winners: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
      generations: fc.array(fc.array(anyRow, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
    })
    .map(({ winners, generations }) => {
      const groupOf = resolve(winners);
      const hasMerges = groupOf.some((winner, ordinal) => winner !== ordinal);
      const rows = generations.flatMap((list, generation) =>
        list.map((row, i) => {
          const { sent, member, ...rest } = row;
          const day = firstDay + (row.day % days);
          const members = ids.flatMap((_, other) =>
            groupOf[other] === groupOf[row.sentId] ? [other] : [],
          );
          return {
            ...rest,
            generation,
            day,
            sentId: ids[row.sentId],
            user: members[member % members.length],
            sentTime: sent ? (firstDay + sent.day) * dayMs + sent.time : day * dayMs + row.time,
            // A batch of merged users lies in one part.
            sequence: hasMerges ? row.sequence * 10 + generation : row.sequence,
            arrival: i,
          };
        }),
      );
      return partsCase(rows, generations.length, groupOf);
    });
}

type GeneratedRow = ObjectRow & { readonly generation: number };
type GivenRow = GeneratedRow & { readonly part: number };

function partsCase(
  rows: readonly GeneratedRow[],
  generations: number,
  groupOf: readonly number[],
): PartsCase {
  const days = [...new Set(rows.map(({ day }) => day))].sort((a, b) => a - b);
  const keys = days.flatMap((day) =>
    Array.from({ length: generations }, (_, generation) => ({ day, generation })),
  );
  const lists = keys.map(({ day, generation }) =>
    rows.filter((row) => row.day === day && row.generation === generation),
  );
  return {
    users: mergeUsers(groupOf),
    parts: lists.map((list, i) => ({ day: keys[i].day, rows: segmentRowsOf(list, idOf) })),
    given: lists.flatMap((list, part) => list.map((row) => ({ ...row, part }))),
  };
}

/** By ordinal whom it belongs to in the end. */
function resolve(winners: readonly number[]): number[] {
  const groupOf = [0, 1, 2, 3, 4];
  for (const [i, winner] of winners.entries()) {
    const from = groupOf[i + 1];
    const to = groupOf[winner];
    for (let ordinal = 1; ordinal < groupOf.length; ordinal++) {
      if (groupOf[ordinal] === from) groupOf[ordinal] = to;
    }
  }
  return groupOf;
}

function mergeUsers(groupOf: readonly number[]): MergeUsers {
  const losers = groupOf.flatMap((winner, ordinal) => (winner === ordinal ? [] : [ordinal]));
  const redirects = {
    losers: Uint32Array.from(losers),
    winners: Uint32Array.from(losers, (loser) => groupOf[loser]),
    // Ids ascend with ordinals.
    ranks: Uint32Array.from(
      losers,
      (loser) => losers.filter((o) => o <= loser && groupOf[o] === groupOf[loser]).length,
    ),
  };
  return { redirects, userId: idOf };
}

/** A row with all that says when it came. */
export interface ExpectedRow extends GivenRow {
  /** `UserRedirects.ranks` of the user it was sent for; 0 = he was not merged into another. */
  readonly userRank: number;
}

/** (sequence, part, rank of the user, place in the batch) */
export function compareArrival(row: ExpectedRow, other: ExpectedRow): number {
  return (
    row.sequence - other.sequence ||
    row.part - other.part ||
    row.userRank - other.userRank ||
    row.arrival - other.arrival
  );
}

/** What must come out, from the definition: the last copy of each event, ordered. */
export function expectedRows({ given, users }: PartsCase): ExpectedRow[] {
  const inOrder = [...given].sort(
    (row, other) =>
      row.sequence - other.sequence || row.part - other.part || row.arrival - other.arrival,
  );
  const last = new Map<string, GivenRow>();
  for (const row of inOrder) last.set(copyKey(row), row);
  const { losers, winners, ranks } = users.redirects;
  const moved = [...last.values()].map((row) => {
    const place = losers.indexOf(row.user);
    if (place < 0) return { ...row, userRank: 0 };
    return { ...row, user: winners[place], userRank: ranks[place] };
  });
  return moved.sort(
    (row, other) =>
      row.day - other.day ||
      compareText(row.event, other.event) ||
      row.user - other.user ||
      timeOf(row) - timeOf(other) ||
      compareArrival(row, other),
  );
}
