import { expect, test } from 'vitest';
import { followFlow } from './follow-flow.ts';
import type { FlowRules } from './follow-flow.ts';

/**
 * Rows as "user time fits": "1 20 A" is a row of user 1 that fits anchor A; "!" = excluded. Behind it the session
 * and the value that is held, where a test needs them: "1 20 A 3 7".
 */
function follow(lines: readonly string[], rules: Partial<FlowRules> = {}): number[][] {
  const rows = lines.map((line) => line.split(' '));
  const numbers = (at: number): Uint32Array => Uint32Array.from(rows, (row) => Number(row[at]));
  const anchorCount = lines.some((line) => line.includes('C')) ? 3 : 2;
  const anchors = ['A', 'B', 'C'].slice(0, anchorCount);
  const hasSessions = rows[0].length > 3;
  const found = followFlow(
    {
      users: numbers(0),
      times: Float64Array.from(rows, ([, time]) => Number(time)),
      anchors: anchors.map((name) =>
        Uint8Array.from(rows, ([, , fits]) => Number(fits.includes(name))),
      ),
      excluded: Uint8Array.from(rows, ([, , fits]) => Number(fits.includes('!'))),
      sessions: hasSessions ? numbers(3) : null,
      held: rows[0].length > 4 ? numbers(4) : null,
    },
    {
      startMs: 0,
      endMs: 1000,
      windowMs: 10,
      windowSessions: null,
      counting: 'unique',
      ...rules,
    },
  );
  const paths: number[][] = [];
  for (let at = 0; at < found.length; at += anchorCount) {
    paths.push([...found.subarray(at, at + anchorCount)]);
  }
  return paths;
}

test('takes the first row of the range that fits, and each next one after it', () => {
  expect(follow(['1 0 B', '1 1 A', '1 2 A', '1 3 B', '1 4 B', '2 5 B'])).toEqual([[1, 3]]);
  expect(follow(['1 0 A', '1 5 A', '1 6 B'], { startMs: 5 })).toEqual([[1, 2]]);
  expect(follow(['1 0 A'], { endMs: 0 })).toEqual([]);
});

test('the window is closed at its end, and one row is one anchor', () => {
  expect(follow(['1 0 AB', '1 10 AB'])).toEqual([[0, 1]]);
  expect(follow(['1 0 A', '1 11 B'])).toEqual([[0, -1]]);
});

test('the window runs from the first anchor to the last one', () => {
  expect(follow(['1 0 A', '1 9 B', '1 11 C'])).toEqual([[0, 1, -1]]);
});

test('nobody has no paths', () => {
  expect(follow(['0 0 A', '0 1 B', '2 0 A'])).toEqual([[2, -1]]);
});

test('in totals a path begins again when the one before is whole or its window is over', () => {
  const lines = ['1 0 A', '1 1 A', '1 2 B', '1 3 A', '1 12 A', '1 14 A', '1 15 B'];
  expect(follow(lines, { counting: 'totals' })).toEqual([
    [0, 2],
    [3, -1],
    [5, 6],
  ]);
});

test('a row that ends a path does not begin the next one', () => {
  expect(follow(['1 0 A', '1 1 AB', '1 2 B'], { counting: 'totals' })).toEqual([[0, 1]]);
});

test('an excluded row before the next anchor takes the path away, and in totals another may follow', () => {
  expect(follow(['1 0 A', '1 1 !', '1 2 A', '1 3 B'])).toEqual([]);
  expect(follow(['1 0 A', '1 1 !', '1 2 A', '1 3 B'], { counting: 'totals' })).toEqual([[2, 3]]);
});

test('an excluded row after the last anchor or the window does no harm', () => {
  expect(follow(['1 0 A', '1 1 B', '1 2 !'])).toEqual([[0, 1]]);
  expect(follow(['1 0 A', '1 11 !'])).toEqual([[0, -1]]);
});

test('a row that is the next anchor is not excluded', () => {
  expect(follow(['1 0 A!', '1 1 B!'])).toEqual([[0, 1]]);
});

test('a session has one path, all of it inside', () => {
  const lines = ['1 0 A 1', '1 1 B 1', '1 2 A 1', '1 3 A 2', '1 4 A 0', '1 5 B 3', '1 6 A 3'];
  expect(follow(lines, { counting: 'sessions' })).toEqual([
    [0, 1],
    [3, -1],
    [6, -1],
  ]);
});

test('a session has one path, though its window is over before the session', () => {
  expect(follow(['1 0 A 1', '1 99 A 1'], { counting: 'sessions' })).toEqual([[0, -1]]);
});

test('a window of sessions has that of the entry and the next ones, and rows in none do not count', () => {
  const rules = { counting: 'totals', windowSessions: 2, windowMs: 1e9 } as const;
  expect(follow(['1 0 A 1', '1 1 B 0', '1 2 B 2'], rules)).toEqual([[0, 2]]);
  expect(follow(['1 0 A 1', '1 1 A 2', '1 2 A 3', '1 3 B 3'], rules)).toEqual([
    [0, -1],
    [2, 3],
  ]);
  expect(follow(['1 0 A 0', '1 1 B 1'], rules)).toEqual([[0, -1]]);
});

test('the value held is that of the entry, and rows without one are none', () => {
  expect(follow(['1 0 A 0 0', '1 1 A 0 7', '1 2 B 0 8', '1 3 B 0 7'])).toEqual([[1, 3]]);
});

test('in totals paths with different values run side by side', () => {
  const lines = ['1 0 A 0 7', '1 1 A 0 8', '1 2 B 0 8', '1 3 B 0 7', '1 4 A 0 8'];
  expect(follow(lines, { counting: 'totals' })).toEqual([
    [0, 3],
    [1, 2],
    [4, -1],
  ]);
});
