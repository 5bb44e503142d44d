import { expect, test } from 'vitest';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { firstRunOf, judgeWithin, spanOfDay } from './day-span.ts';
import type { EventMatch } from './row-mask.ts';
import type { EventRows } from './scan-source.ts';

test('cuts a span to a day', () => {
  const day = 5 * dayMs;
  expect(spanOfDay(0, day, day)).toBeNull();
  expect(spanOfDay(day + dayMs, day + 2 * dayMs, day)).toBeNull();
  expect(spanOfDay(0, day + 1, day)).toEqual({ fromMs: 0, toMs: 1, whole: false });
  expect(spanOfDay(day + 7, 9 * dayMs, day)).toEqual({ fromMs: 7, toMs: dayMs, whole: false });
  expect(spanOfDay(day, day + dayMs, day)).toEqual({ fromMs: 0, toMs: dayMs, whole: true });
});

test('finds the first run of a range of users', () => {
  const users = Uint32Array.of(0, 2, 3, 9);
  expect([0, 1, 2, 3, 4, 9, 10].map((ordinal) => firstRunOf(users, ordinal))).toEqual([
    0, 1, 1, 2, 3, 3, 4,
  ]);
});

const rows: EventRows = {
  event: 0,
  rowCount: 4,
  users: Uint32Array.of(1),
  starts: Uint32Array.of(0, 4),
  times: Uint32Array.of(10, 20, 30, 40),
  tieRanks: null,
  column: () => undefined,
};

function matching(pattern: readonly number[] | 'all' | 'none'): EventMatch {
  const judge: EventMatch['judge'] = (_rows, first, end, mask) => {
    if (typeof pattern === 'string') return pattern;
    for (let row = first; row < end; row++) mask[row - first] = pattern[row];
    return 'some';
  };
  const list: EventMatch['list'] = (_rows, first, end) => end - first;
  const onlyCodes: EventMatch['onlyCodes'] = () => null;
  return { users: null, usersDecide: false, onlyCodes, judge, judgeRows: judge, list };
}

test('judges rows inside a span as the match does, and none outside of it', () => {
  const judged = (pattern: readonly number[] | 'all' | 'none', whole: boolean) => {
    const mask = new Uint8Array(3);
    const span = { fromMs: 20, toMs: 40, whole };
    return [judgeWithin(matching(pattern), rows, { first: 1, end: 4 }, span, mask), [...mask]];
  };
  expect(judged('all', true)[0]).toBe('all');
  expect(judged('none', false)[0]).toBe('none');
  expect(judged('all', false)).toEqual(['some', [1, 1, 0]]);
  expect(judged([1, 0, 1, 1], true)).toEqual(['some', [0, 1, 1]]);
  expect(judged([1, 0, 1, 1], false)).toEqual(['some', [0, 1, 0]]);
});
