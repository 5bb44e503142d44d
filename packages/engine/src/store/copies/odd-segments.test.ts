import { expect, it, vi } from 'vitest';
import { type OddRow, OddRows } from './odd-rows.ts';
import { OddSegments } from './odd-segments.ts';

const row = (hash: number, sentTime: number): OddRow => {
  return { hash, check: 1, sentTime, row: hash, sequence: 5 };
};

it('names the segments whose rows may have been sent at a time', () => {
  const segments = new OddSegments();
  segments.add('a', new OddRows([row(1, 10), row(2, 20)]), vi.fn<() => OddRows>());
  segments.add('b', new OddRows([row(3, 30)]), vi.fn<() => OddRows>());
  expect([15, 20, 25, 30].map((time) => segments.sentBetween(time, time))).toEqual([
    ['a'],
    ['a'],
    [],
    ['b'],
  ]);
  expect(segments.sentBetween(0, 100)).toEqual(['a', 'b']);
});

it('reads rows again that it had no room for, those that were not used for longest', () => {
  const segments = new OddSegments(3);
  const all = { a: new OddRows([row(1, 1), row(2, 1)]), b: new OddRows([row(3, 3)]) };
  const loads = { a: vi.fn<() => OddRows>(() => all.a), b: vi.fn<() => OddRows>(() => all.b) };
  segments.add('a', all.a, loads.a);
  segments.add('b', all.b, loads.b);
  expect(segments.rows('a')).toBe(all.a);
  segments.add('c', new OddRows([row(4, 4)]), vi.fn<() => OddRows>());
  expect(segments.rows('a')).toBe(all.a);
  expect(loads.a).not.toHaveBeenCalled();
  expect(segments.rows('b')).toBe(all.b);
  expect(loads.b).toHaveBeenCalledTimes(1);
});

it('goes on with what a version before had read, without segments that are gone', () => {
  const before = new OddSegments();
  before.add('a', new OddRows([row(1, 1)]), vi.fn<() => OddRows>());
  before.add('b', new OddRows([row(2, 2)]), vi.fn<() => OddRows>());
  const after = OddSegments.of(before, new Set(['b']));
  expect([after.has('a'), after.has('b'), after.rows('b').find(row(2, 2))?.row]).toEqual([
    false,
    true,
    2,
  ]);
});
