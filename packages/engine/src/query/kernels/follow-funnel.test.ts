import { expect, test } from 'vitest';
import { followFunnel } from './follow-funnel.ts';
import type { FunnelRules } from './follow-funnel.ts';

/** Events of one user as [time, step letters it fits], for a funnel of the steps a, b, c. */
function attempts(events: [number, string][], rules: Partial<FunnelRules> = {}) {
  const letters = ['a', 'b', 'c'];
  const out = { users: new Uint32Array(9), stepRows: new Int32Array(27) };
  const count = followFunnel(
    {
      times: Float64Array.from(events, ([time]) => time),
      users: new Uint32Array(events.length).fill(1),
      steps: letters.map((letter) =>
        Uint8Array.from(events, ([, fits]) => Number(fits.includes(letter))),
      ),
    },
    { startMs: 0, endMs: 100, windowMs: 50, graceMs: 0, repeat: false, ...rules },
    out,
  );
  return Array.from({ length: count }, (_, i) =>
    Array.from(out.stepRows.subarray(3 * i, 3 * i + 3)),
  );
}

test('takes the first row of each step and leaves others alone', () => {
  expect(
    attempts([
      [0, 'a'],
      [1, ''],
      [2, 'b'],
      [3, 'b'],
      [4, 'c'],
    ]),
  ).toEqual([[0, 2, 4]]);
});

test('a row that fits two steps fulfils one', () => {
  expect(
    attempts([
      [0, 'ab'],
      [1, 'ab'],
      [2, 'bc'],
    ]),
  ).toEqual([[0, 1, 2]]);
  expect(
    attempts([
      [0, 'ab'],
      [1, 'c'],
    ]),
  ).toEqual([[0, -1, -1]]);
});

test('rows of one instant may come in any order', () => {
  expect(
    attempts([
      [5, 'c'],
      [5, 'b'],
      [5, 'a'],
    ]),
  ).toEqual([[2, 1, 0]]);
});

test('entries lie in the range, later steps need not', () => {
  expect(
    attempts([
      [-1, 'a'],
      [99, 'a'],
      [100, 'b'],
      [149, 'c'],
    ]),
  ).toEqual([[1, 2, 3]]);
  expect(
    attempts([
      [100, 'a'],
      [101, 'b'],
    ]),
  ).toEqual([]);
});

test('the next attempt begins after a conversion, or after the window', () => {
  const repeat = { repeat: true, windowMs: 10 };
  expect(
    attempts(
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'a'],
        [3, 'c'],
        [4, 'a'],
      ],
      repeat,
    ),
  ).toEqual([
    [0, 1, 3],
    [4, -1, -1],
  ]);
  expect(
    attempts(
      [
        [0, 'a'],
        [10, 'a'],
        [11, 'a'],
      ],
      repeat,
    ),
  ).toEqual([
    [0, -1, -1],
    [2, -1, -1],
  ]);
});

test('the event that completes an attempt does not start the next', () => {
  expect(
    attempts(
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'ac'],
        [3, 'b'],
      ],
      { repeat: true },
    ),
  ).toEqual([[0, 1, 2]]);
});

test('one event is a step of one attempt, whatever the grace', () => {
  const sameInstant: [number, string][] = [
    [5, 'a'],
    [5, 'b'],
    [5, 'c'],
    [5, 'a'],
  ];
  expect(attempts(sameInstant, { repeat: true })).toEqual([
    [0, 1, 2],
    [3, -1, -1],
  ]);
  expect(
    attempts(
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
        [3, 'a'],
        [4, 'b'],
      ],
      { repeat: true, graceMs: 2 },
    ),
  ).toEqual([
    [0, 1, 2],
    [3, 4, -1],
  ]);
});

test('nobody has no attempts', () => {
  const input = {
    times: Float64Array.of(1),
    users: Uint32Array.of(0),
    steps: [Uint8Array.of(1), Uint8Array.of(1)],
  };
  const rules = { startMs: 0, endMs: 9, windowMs: 9, graceMs: 0, repeat: true };
  const out = { users: new Uint32Array(1), stepRows: new Int32Array(2) };
  expect(followFunnel(input, rules, out)).toBe(0);
});
