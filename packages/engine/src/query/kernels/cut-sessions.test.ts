import { expect, test } from 'vitest';
import { cutByCode, cutByEvents, cutByTimeout } from './cut-sessions.ts';

/** Rows as "user day time mark"; mark "-" = the row may not lie in a session. */
function rowsOf(lines: readonly string[]) {
  const rows = lines.map((line) => line.split(' '));
  return {
    input: {
      users: Uint32Array.from(rows, ([user]) => Number(user)),
      days: Int32Array.from(rows, ([, day]) => Number(day)),
      times: Float64Array.from(rows, ([, , time]) => Number(time)),
      counts: Uint8Array.from(rows, ([, , , mark]) => Number(mark !== '-')),
    },
    marks: rows.map(([, , , mark = '']) => mark),
    sessions: new Uint32Array(rows.length).fill(9),
  };
}

function byTimeout(lines: readonly string[], timeoutMs: number): number[] {
  const { input, sessions } = rowsOf(lines);
  const count = cutByTimeout(input, timeoutMs, sessions);
  return [count, ...sessions];
}

test('a gap as long as the timeout goes on, a longer one does not', () => {
  expect(byTimeout(['1 0 0', '1 0 10', '1 0 21'], 10)).toEqual([2, 1, 1, 2]);
});

test('a session is of one user and of one day, and nobody has none', () => {
  expect(byTimeout(['0 0 0', '1 0 1', '1 1 2', '2 1 3'], 10)).toEqual([3, 0, 1, 2, 3]);
});

test('rows that may not lie in a session neither begin one nor keep it alive', () => {
  expect(byTimeout(['1 0 0 -', '1 0 1', '1 0 8 -', '1 0 12'], 10)).toEqual([2, 0, 1, 0, 2]);
});

test('a session is a run of one value, and rows without one are ignored', () => {
  const lines = ['1 0 0 1', '1 0 1 0', '1 0 2 1', '1 0 3 2', '1 0 4 1', '1 1 5 1', '2 1 6 1'];
  const { input, marks, sessions } = rowsOf(lines);
  const codes = Uint32Array.from(marks, Number);
  expect(cutByCode(input, codes, sessions)).toBe(5);
  expect([...sessions]).toEqual([1, 0, 1, 2, 3, 4, 5]);
});

/** Marks: "<" opens, ">" closes, "x" both; days follow one another but for day 9. */
function byEvents(lines: readonly string[]) {
  const { input, marks, sessions } = rowsOf(lines);
  const unended = new Uint8Array(lines.length + 1);
  const follows = Uint8Array.from({ length: 10 }, (_, day) => Number(day > 0 && day < 9));
  const codes = Uint8Array.from(marks, (mark) => Math.max(0, ' <>x'.indexOf(mark || ' ')));
  const count = cutByEvents(input, codes, follows, { sessions, unended });
  return { sessions: [...sessions], unended: [...unended.subarray(1, count + 1)] };
}

test('an event opens a session that is not open, and another closes it', () => {
  expect(byEvents(['1 0 0 >', '1 0 1 <', '1 0 2 <', '1 0 3 >', '1 0 4 >', '1 0 5'])).toEqual({
    sessions: [0, 1, 1, 1, 0, 0],
    unended: [0],
  });
});

test('midnight cuts an open session into two parts without an end', () => {
  expect(byEvents(['1 0 0 <', '1 1 1', '1 1 2 >', '1 1 3'])).toEqual({
    sessions: [1, 2, 2, 0],
    unended: [1, 1],
  });
});

test('a session goes on for one midnight, over days that follow one another', () => {
  expect(byEvents(['1 0 0 <', '1 1 1', '1 2 2', '2 8 0 <', '2 9 1'])).toEqual({
    sessions: [1, 2, 0, 3, 0],
    unended: [1, 1, 1],
  });
});

test('what the second day opens again goes on into the third', () => {
  expect(byEvents(['1 0 0 <', '1 1 1 <', '1 2 2 >', '1 2 3'])).toEqual({
    sessions: [1, 2, 3, 0],
    unended: [1, 1, 1],
  });
});

test('one event may open and close by turns', () => {
  expect(byEvents(['1 0 0 x', '1 0 1 x', '1 0 2 x', '2 0 0 <'])).toEqual({
    sessions: [1, 1, 2, 3],
    unended: [0, 1, 1],
  });
});

test('an event that may not lie in a session opens none', () => {
  expect(byEvents(['0 0 0 <', '1 0 0 -', '1 0 1'])).toEqual({ sessions: [0, 0, 0], unended: [] });
});
