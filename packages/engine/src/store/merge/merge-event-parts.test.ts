import { expect, it } from 'vitest';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { ArrivalScale } from './arrival-scale.ts';
import { type EventPart, eventPartOf, type MergeUsers } from './event-part.ts';
import { mergeEventParts } from './merge-event-parts.ts';
import { type ObjectRow, segmentRowsOf } from './testing/object-rows.ts';
import { idOf } from './testing/random-parts.ts';

const day = 19_000;

const row = (change: Partial<ObjectRow>): ObjectRow => ({
  event: 'View',
  user: 1,
  day,
  time: 0,
  sentTime: day * dayMs + (change.time ?? 0),
  sentId: idOf(change.user ?? 1),
  insertId: 'i',
  sequence: 1,
  arrival: 0,
  properties: {},
  ...change,
});

const part = (...rows: ObjectRow[]): EventPart => eventPartOf(segmentRowsOf(rows, idOf), 0);

const noMerges: MergeUsers = {
  redirects: {
    losers: new Uint32Array(0),
    winners: new Uint32Array(0),
    ranks: new Uint32Array(0),
  },
  userId: idOf,
};
const merges = (loser: number, winner: number): MergeUsers => ({
  redirects: {
    losers: Uint32Array.of(loser),
    winners: Uint32Array.of(winner),
    ranks: Uint32Array.of(1),
  },
  userId: idOf,
});

const scaleOf = (parts: readonly EventPart[], hasMoved = false) =>
  new ArrivalScale(
    parts.map(({ batchSequences, tieRanks }) => ({
      batchSequences,
      tieRankMax: Math.max(0, ...(tieRanks ?? [])),
    })),
    hasMoved,
  );

it('gives a clean part back as it lies, without a copy', () => {
  const only = part(row({ time: 5 }), row({ user: 2 }));
  const merged = mergeEventParts([only], scaleOf([only]), noMerges);
  expect(merged.times).toBe(only.times);
  expect(merged.tieRanks).toBeNull();
  expect(merged.sources).toEqual({ type: 'part', part: 0 });
});

it('gives a clean part of several back with ranks that compare with the others', () => {
  const only = part(row({ sequence: 3 }));
  const other = part(row({ sequence: 4, event: 'Buy' }));
  const scale = scaleOf([only, other]);
  const merged = mergeEventParts([only, null], scale, noMerges);
  const mergedOther = mergeEventParts([null, other], scale, noMerges);
  expect(merged.sources).toEqual({ type: 'part', part: 0 });
  expect([merged.tieRanks, mergedOther.tieRanks]).toEqual([Uint32Array.of(0), Uint32Array.of(1)]);
});

it('keeps the later of two copies, wherever it lies', () => {
  const later = part(row({ sequence: 9, properties: { p: 'later' } }));
  const earlier = part(row({ sequence: 2 }), row({ sequence: 3, user: 2 }));
  const parts = [later, earlier];
  const merged = mergeEventParts(parts, scaleOf(parts), noMerges);
  expect(merged.users).toEqual(Uint32Array.of(1, 2));
  expect(merged.sources).toEqual({
    type: 'rows',
    parts: Uint8Array.of(0, 1),
    rows: Uint32Array.of(0, 1),
  });
});

it('takes rows apart whose insert id, sent time or distinct id differs', () => {
  const parts = [
    part(row({})),
    part(row({ insertId: 'j' }), row({ sentTime: 5 }), row({ sentId: 'b' })),
  ];
  expect(mergeEventParts(parts, scaleOf(parts), noMerges).rowCount).toBe(4);
});

it('finds copies among very many rows of one user and time', () => {
  const many = Array.from({ length: 500 }, (_, i) => row({ insertId: `i${i}` }));
  const parts = [
    part(...many),
    part(...many.slice(100, 300).map((one) => ({ ...one, sequence: 7 }))),
  ];
  const merged = mergeEventParts(parts, scaleOf(parts), noMerges);
  expect(merged.rowCount).toBe(500);
  const { sources } = merged;
  expect(sources.type === 'rows' && sources.parts.filter((p) => p === 1)).toHaveLength(200);
});

it('moves rows of a user that was merged away, and finds copies that then meet', () => {
  const only = part(
    row({ user: 2, time: 4, insertId: 'x' }),
    row({ user: 2, time: 9, insertId: 'y' }),
    row({ user: 1, time: 5, insertId: 'z', sequence: 2 }),
  );
  const copy = part(row({ user: 1, sentId: 'b', time: 9, insertId: 'y', sequence: 3 }));
  const parts = [only, copy];
  const merged = mergeEventParts(parts, scaleOf(parts, true), merges(2, 1));
  expect(merged.users).toEqual(Uint32Array.of(1));
  expect(merged.starts).toEqual(Uint32Array.of(0, 3));
  expect(merged.times).toEqual(Uint32Array.of(4, 5, 9));
  expect(merged.sources).toEqual({
    type: 'rows',
    parts: Uint8Array.of(0, 0, 1),
    rows: Uint32Array.of(1, 0, 0),
  });
});

it('leaves hidden rows out, and users that have no others', () => {
  const rows = segmentRowsOf([row({}), row({ user: 2 }), row({ user: 2, time: 1 })], idOf);
  const only = eventPartOf(rows, 0, Uint32Array.of(0, 1));
  const merged = mergeEventParts([only], scaleOf([only]), noMerges);
  expect(merged.users).toEqual(Uint32Array.of(2));
  expect(merged.times).toEqual(Uint32Array.of(1));
});

it('orders by arrival when tie ranks and sequences of the parts are interleaved', () => {
  const first = part(
    row({ sequence: 1, insertId: 'a' }),
    row({ sequence: 1, insertId: 'b', arrival: 1 }),
    row({ sequence: 5, insertId: 'c' }),
  );
  const second = part(row({ sequence: 3, insertId: 'd' }), row({ sequence: 5, insertId: 'e' }));
  const parts = [first, second];
  const merged = mergeEventParts(parts, scaleOf(parts), noMerges);
  expect(merged.sources).toEqual({
    type: 'rows',
    parts: Uint8Array.of(0, 0, 1, 0, 1),
    rows: Uint32Array.of(0, 1, 0, 2, 1),
  });
});

it('writes into the memory it is given, exactly as much as it needs', () => {
  const parts = [part(row({})), part(row({ sequence: 2 }))];
  const sizes: number[] = [];
  const merged = mergeEventParts(parts, scaleOf(parts), noMerges, (bytes) => {
    sizes.push(bytes);
    return new SharedArrayBuffer(bytes);
  });
  expect(merged.times.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(sizes.sort((a, b) => a - b)).toEqual([1, 4, 4, 4, 4, 8]);
});
