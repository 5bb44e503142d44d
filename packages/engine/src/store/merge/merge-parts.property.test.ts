import fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { ArrivalScale } from './arrival-scale.ts';
import { eventPartOf, type EventPart } from './event-part.ts';
import { gatherColumn } from './gather-column.ts';
import { findHiddenOddRows, type SearchPart } from './hidden-odd-rows.ts';
import { mergeEventParts } from './merge-event-parts.ts';
import { mergeParts } from './merge-parts.ts';
import { isTouched } from './redirected-runs.ts';
import { type ObjectRow, objectRowsOf } from './testing/object-rows.ts';
import {
  anyParts,
  compareArrival,
  expectedRows,
  firstDay,
  idOf,
  type PartsCase,
} from './testing/random-parts.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

/** What a row says of itself: its place among others and where the test had it from are left out. */
const contents = (rows: readonly ObjectRow[]) =>
  rows.map(({ event, user, day, time, sentTime, sentId, insertId, sequence, properties }) => ({
    event,
    user,
    day,
    time,
    sentTime,
    sentId,
    insertId,
    sequence,
    properties,
  }));

const compact = ({ parts, users }: PartsCase): SegmentRows =>
  mergeParts(
    parts.map(({ rows }) => rows),
    { day: firstDay, users },
  );

it('holds the last copy of each event, in order, with everything that was sent with it', () => {
  fc.assert(
    fc.property(anyParts(1), (one) => {
      const merged = objectRowsOf(compact(one), firstDay, idOf);
      expect(contents(merged)).toEqual(contents(expectedRows(one)));
    }),
    settings,
  );
});

it('ranks the rows of one user and time by arrival, whatever their event', () => {
  fc.assert(
    fc.property(anyParts(1), (one) => {
      const expected = expectedRows(one);
      const merged = objectRowsOf(compact(one), firstDay, idOf);
      // Both are in the same order.
      const ranks = expected.map((row) => {
        const tied = expected.filter((other) => row.user === other.user && row.time === other.time);
        return tied.sort(compareArrival).indexOf(row);
      });
      expect(merged.map(({ arrival }) => arrival)).toEqual(ranks);
    }),
    settings,
  );
});

it('gives the same when it is merged again, or neighbours first', () => {
  fc.assert(
    fc.property(anyParts(1), fc.nat({ max: 3 }), (one, cut) => {
      const options = { day: firstDay, users: one.users };
      const rows = one.parts.map((part) => part.rows);
      const all = mergeParts(rows, options);
      expect(mergeParts([all], options)).toEqual(all);
      const left = mergeParts(rows.slice(0, cut), options);
      expect(mergeParts([left, ...rows.slice(cut)], options)).toEqual(all);
      const right = mergeParts(rows.slice(cut), options);
      expect(mergeParts([...rows.slice(0, cut), right], options)).toEqual(all);
    }),
    settings,
  );
});

it('merges event by event to what compaction makes of the day', () => {
  fc.assert(
    fc.property(anyParts(2), (one) => {
      const hidden = findHiddenOddRows(one.parts.map(searchPart), one.users);
      const days = [...new Set(one.parts.map(({ day }) => day))];
      const rows = days.flatMap((day) => rowsByEvent(one, day, hidden));
      expect(rows).toEqual(
        expectedRows(one).map(({ event, day, user, time, insertId, properties }) => ({
          event,
          day,
          user,
          time,
          insertId,
          p: properties['p'] ?? undefined,
          hasP: properties['p'] !== undefined,
        })),
      );
    }),
    settings,
  );
});

it('ranks of events that were merged apart compare like those of the whole day', () => {
  fc.assert(
    fc.property(anyParts(1), (one) => {
      const hidden = findHiddenOddRows(one.parts.map(searchPart), one.users);
      const apart = rankedRows(one, firstDay, hidden);
      const whole = compact(one);
      expect(apart.map(({ user, time }) => [user, time])).toEqual(
        Array.from(whole.users, (user, row) => [user, whole.times[row]]),
      );
      for (const [i, row] of apart.entries()) {
        for (const [k, other] of apart.entries()) {
          if (row.user !== other.user || row.time !== other.time) continue;
          const ranks = whole.tieRanks ?? new Uint32Array(apart.length);
          expect(Math.sign(row.rank - other.rank)).toBe(Math.sign(ranks[i] - ranks[k]));
        }
      }
    }),
    settings,
  );
});

function searchPart({ day, rows }: PartsCase['parts'][number]): SearchPart {
  return {
    day,
    oddRowCount: rows.sentTimes.size,
    events: rows.events.map((name, e) => ({
      name,
      rowCount: rows.eventStarts[e + 1] - rows.eventStarts[e],
    })),
    event: (event) => eventPartOf(rows, event),
  };
}

/** The events of a day, each merged alone, with the parts that each was merged from. */
function mergeApart({ parts, users }: PartsCase, day: number, hidden: readonly Uint32Array[]) {
  const own = parts.flatMap((part, p) =>
    part.day === day ? [{ ...part, hidden: hidden[p] }] : [],
  );
  const names = [...new Set(own.flatMap(({ rows }) => rows.events))].sort();
  const events = names.map((name) => ({
    name,
    parts: own.map(({ rows, hidden: hiddenRows }): EventPart | null => {
      const event = rows.events.indexOf(name);
      return event < 0 ? null : eventPartOf(rows, event, hiddenRows);
    }),
  }));
  const hasMoved = events.some((event) =>
    event.parts.some((part) => part !== null && isTouched(part.users, users.redirects)),
  );
  const scale = new ArrivalScale(
    own.map(({ rows }) => ({
      batchSequences: rows.batchSequences,
      tieRankMax: Math.max(0, ...(rows.tieRanks ?? [])),
    })),
    hasMoved,
  );
  return events.map((event) => ({
    ...event,
    own,
    merged: mergeEventParts(event.parts, scale, users),
  }));
}

function rankedRows(one: PartsCase, day: number, hidden: readonly Uint32Array[]) {
  return mergeApart(one, day, hidden).flatMap(({ merged }) =>
    usersByRow(merged).map((user, row) => ({
      user,
      time: merged.times[row],
      rank: merged.tieRanks?.[row] ?? 0,
    })),
  );
}

function usersByRow({ users, starts }: { users: Uint32Array; starts: Uint32Array }): number[] {
  return Array.from(users).flatMap((user, run) =>
    Array.from({ length: starts[run + 1] - starts[run] }, () => user),
  );
}

function rowsByEvent(one: PartsCase, day: number, hidden: readonly Uint32Array[]) {
  return mergeApart(one, day, hidden).flatMap(({ name, merged, parts, own }) => {
    const columns = own.map(({ rows }) => {
      const event = rows.events.indexOf(name);
      const column = rows.properties.find((property) => property.name === 'p');
      if (event < 0 || column === undefined) return undefined;
      const { codes, values } = column;
      return {
        codes: codes.subarray(rows.eventStarts[event], rows.eventStarts[event + 1]),
        values,
      };
    });
    const column = gatherColumn(columns, merged.rowCount, merged.sources);
    return usersByRow(merged).map((user, row) => {
      const { sources } = merged;
      const part = sources.type === 'part' ? sources.part : sources.parts[row];
      const from = sources.type === 'part' ? row : sources.rows[row];
      const { insertIds } = parts[part] as EventPart;
      const start = from === 0 ? (insertIds.start ?? 0) : insertIds.ends[from - 1];
      const code = column?.codes[row] ?? 0;
      return {
        event: name,
        day,
        user,
        time: merged.times[row],
        insertId: Buffer.from(insertIds.bytes.subarray(start, insertIds.ends[from])).toString(),
        p: column?.values[code] ?? undefined,
        hasP: code > 0,
      };
    });
  });
}
