import { expect, test } from 'vitest';
import { flowSteps, layOutPath } from './flow-steps.ts';

/** One user's rows by the letters of their names, one a ms; "." = a row that is not shown. */
function layOut(
  rows: string,
  anchors: readonly { readonly at: number; readonly before: number; readonly after: number }[],
  options: { readonly collapse?: boolean; readonly from?: number; readonly to?: number } = {},
): string {
  const { collapse = false, from = 0, to = rows.length } = options;
  const letters = Array.from(rows);
  const steps = flowSteps(
    {
      users: new Uint32Array(letters.length).fill(1),
      times: Float64Array.from(letters, (_, row) => row),
      shown: Uint8Array.from(letters, (letter) => Number(letter !== '.')),
    },
    collapse ? Uint32Array.from(letters, (letter) => letter.charCodeAt(0)) : null,
    null,
  );
  const places = new Int32Array(
    anchors.reduce((sum, { before, after }) => sum + before + 1 + after, 0),
  );
  const anchorRows = Int32Array.from(anchors, ({ at }) => at);
  layOutPath(steps, { anchors, startMs: from, endMs: to }, anchorRows, places);
  return Array.from(places, (row) => (row === -1 ? '-' : row === -2 ? '!' : letters[row])).join('');
}

test('shows what comes next and before, and where nothing more comes', () => {
  expect(layOut('XYAZ', [{ at: 2, before: 3, after: 3 }])).toBe('-XYAZ!-');
});

test('rows that are not shown lie between steps', () => {
  expect(layOut('X.A..YZ', [{ at: 2, before: 1, after: 2 }])).toBe('XAYZ');
});

test('steps around the outer anchors lie in the range', () => {
  expect(layOut('XYAZW', [{ at: 2, before: 2, after: 2 }], { from: 1, to: 4 })).toBe('-YAZ!');
});

test('between two anchors each event is shown once, first after the one, then before the other', () => {
  const two = (between: string) =>
    layOut(`A${between}B`, [
      { at: 0, before: 0, after: 2 },
      { at: between.length + 1, before: 2, after: 0 },
    ]);
  expect(two('')).toBe('A----B');
  expect(two('X')).toBe('AX---B');
  expect(two('XYZ')).toBe('AXY-ZB');
  expect(two('UVWXYZ')).toBe('AUVYZB');
});

test('who does not reach the next anchor drops off there, and where nothing more comes', () => {
  const anchors = [
    { at: 0, before: 0, after: 2 },
    { at: -1, before: 1, after: 1 },
  ];
  expect(layOut('AX', anchors)).toBe('AX!-!-');
  expect(layOut('AXYZ', anchors)).toBe('AXY-!-');
});

test('a run is one step, the row nearest to the anchor, and beside an anchor part of it', () => {
  const one = [{ at: 4, before: 2, after: 2 }];
  expect(layOut('XYYAAAZZW', one, { collapse: true })).toBe('XYAZW');
  expect(layOut('XYYAAAZZW', one)).toBe('YAAAZ');
});

test('a run that leads to the next anchor is part of that one', () => {
  const two = (rows: string, before: number) =>
    layOut(
      rows,
      [
        { at: 0, before: 0, after: 2 },
        { at: rows.length - 1, before, after: 0 },
      ],
      { collapse: true },
    );
  expect(two('AXXBBB', 1)).toBe('AX--B');
  expect(two('AABXB', 1)).toBe('ABX-B');
  expect(two('AXYYZBB', 1)).toBe('AXYZB');
  expect(two('AAAA', 1)).toBe('A---A');
});

test('with hidden anchors runs are told apart on either side', () => {
  const anchors = [
    { at: 1, before: 1, after: 1 },
    { at: 3, before: 1, after: 1 },
  ];
  expect(layOut('X.X.X', anchors, { collapse: true })).toBe('X.X-.X');
});
