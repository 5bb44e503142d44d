import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { followSequence } from './follow-sequence.ts';
import { markCompletions } from './mark-completions.ts';

/** Rows as [time, steps by number]. */
type Row = readonly [time: number, ...steps: number[]];

function completions(
  users: readonly (readonly Row[])[],
  sequence: { stepCount: number; windowMs: number; entryEndMs?: number },
) {
  const rows = users.flat();
  const starts = Uint32Array.of(0, ...users.map((_, n) => users.slice(0, n + 1).flat().length));
  const found = {
    starts: new Uint32Array(starts.length),
    times: new Float64Array(rows.length),
    entries: new Float64Array(rows.length),
  };
  const times = Float64Array.from(rows, ([time]) => time);
  const steps = Uint32Array.from(rows, ([, ...own]) =>
    own.reduce((bits, step) => bits | (1 << step), 0),
  );
  followSequence({ starts, times, steps }, { entryEndMs: Infinity, ...sequence }, found);
  return found;
}

function listed(...parameters: Parameters<typeof completions>): [number, number][][] {
  const { starts, times, entries } = completions(...parameters);
  return Array.from({ length: starts.length - 1 }, (_, run) =>
    Array.from({ length: starts[run + 1] - starts[run] }, (__, i): [number, number] => [
      entries[starts[run] + i],
      times[starts[run] + i],
    ]),
  );
}

test('takes the latest entry that leads to a completion', () => {
  const rows: Row[] = [
    [0, 0],
    [5, 0],
    [6, 1],
    [7, 1],
    [8, 0],
    [9, 1],
  ];
  expect(listed([rows], { stepCount: 2, windowMs: 100 })).toEqual([
    [
      [5, 6],
      [8, 9],
    ],
  ]);
});

test('the end of the window lies inside it', () => {
  const done = (windowMs: number) =>
    listed(
      [
        [
          [0, 0],
          [4, 1],
          [10, 2],
        ],
      ],
      { stepCount: 3, windowMs },
    )[0].length;
  expect([done(9), done(10)]).toEqual([0, 1]);
});

test('an earlier entry runs out, a later one goes on', () => {
  const rows: Row[] = [
    [0, 0],
    [1, 1],
    [8, 0],
    [9, 1],
    [12, 2],
  ];
  expect(listed([rows], { stepCount: 3, windowMs: 5 })).toEqual([[[8, 12]]]);
});

test('a row is one step alone, and steps at one instant go by arrival', () => {
  const both: Row[] = [
    [3, 0, 1],
    [3, 0, 1],
  ];
  expect(listed([both.slice(0, 1), both], { stepCount: 2, windowMs: 0 })).toEqual([[], [[3, 3]]]);
  const backwards: Row[] = [
    [3, 1],
    [3, 0],
  ];
  expect(listed([backwards], { stepCount: 2, windowMs: 10 })).toEqual([[]]);
});

test('users are followed apart, and entries end where it is said', () => {
  const users: Row[][] = [
    [[1, 0]],
    [[2, 1]],
    [],
    [
      [1, 0],
      [2, 1],
    ],
  ];
  expect(listed(users, { stepCount: 2, windowMs: 10 })).toEqual([[], [], [], [[1, 2]]]);
  expect(listed(users, { stepCount: 2, windowMs: 10, entryEndMs: 1 }).flat()).toEqual([]);
});

test(
  `finds whoever some entry leads to the end, as of any moment (seed ${propertySeed})`,
  () => {
    const row = fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 7 }));
    const moment = fc.record({ startMs: fc.nat({ max: 30 }), untilMs: fc.nat({ max: 30 }) });
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 3 }),
        fc.array(moment, { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 8 }),
        (users, moments, windowMs) => {
          const own = users.map((rows) => {
            let time = 0;
            return rows.map(([gap, bits]): Row => {
              time += gap;
              return [time, ...[0, 1, 2].filter((step) => ((bits >> step) & 1) === 1)];
            });
          });
          const found = completions(own, { stepCount: 3, windowMs });
          const runs = {
            users: Uint32Array.from(own, (_, user) => user),
            ends: found.starts.slice(0, -1),
          };
          let lastMs = -1;
          for (const { startMs, untilMs } of moments) {
            const mask = new Uint8Array(own.length);
            markCompletions(found, { startMs, untilMs, rewind: untilMs < lastMs }, runs, mask);
            lastMs = untilMs;
            expect([...mask]).toEqual(
              own.map((rows) => Number(did(rows, { startMs, untilMs, windowMs }))),
            );
          }
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 50,
);

/** All triples of rows. */
function did(
  rows: readonly Row[],
  { startMs, untilMs, windowMs }: { startMs: number; untilMs: number; windowMs: number },
): boolean {
  const past = rows.filter(([time]) => time < untilMs);
  return past.some(
    ([entry, ...first], a) =>
      entry >= startMs &&
      first.includes(0) &&
      past.some(
        ([, ...second], b) =>
          b > a &&
          second.includes(1) &&
          past.some(
            ([time, ...third], c) => c > b && third.includes(2) && time <= entry + windowMs,
          ),
      ),
  );
}
