import { expect, test } from 'vitest';
import type { RowGate } from '../scan/row-gate.ts';
import type { DayRows, EventRows } from '../scan/scan-source.ts';
import { EventGates, OpenRows } from './open-rows.ts';

const dayMs = 86_400_000;
const names = ['A', 'B'];

const plain: RowGate = {
  entries: new Set(['A']),
  startMs: dayMs,
  endMs: 5 * dayMs,
  leadMs: 0,
  reachMs: dayMs,
  isFirstAlone: false,
  once: new Set(),
  edges: Float64Array.of(dayMs, 3 * dayMs, 5 * dayMs),
  firstEver: new Set(),
  always: new Set(),
  breaks: null,
};

/** Rows of a day: by event, then by user their times. */
type Day = Readonly<Record<string, Readonly<Record<number, readonly number[]>>>>;

function rowsOf(name: string, byUser: Day[string]): EventRows {
  const users = Object.keys(byUser).map(Number);
  const starts = [0];
  for (const user of users) starts.push(starts[starts.length - 1] + byUser[user].length);
  return {
    event: names.indexOf(name),
    rowCount: starts[users.length],
    users: Uint32Array.from(users),
    starts: Uint32Array.from(starts),
    times: Uint32Array.from(users.flatMap((user) => byUser[user])),
    tieRanks: null,
    column: () => undefined,
  };
}

/** What is let through of users 1 and 2 on days 0, 1 …: "B 2 day 1 at 5" is the row of user 2 at 5 ms of the day. */
function openRows(gate: Partial<RowGate>, days: readonly Day[]): string[] {
  const source = {
    eventNames: names,
    userCount: 2,
    mergedUsers: new Uint32Array(),
    days: [],
    userId: String,
    personColumn: () => undefined,
  };
  const open = new OpenRows(new EventGates({ ...plain, ...gate }, source), 1, 3);
  return days.flatMap((own, day) => {
    const events = Object.entries(own).map(([name, byUser]) => rowsOf(name, byUser));
    const all: DayRows = { startMs: day * dayMs, events, activity: null };
    const runsOf = ({ users }: EventRows) => ({ first: 0, end: users.length });
    open.look(all, runsOf);
    return events.flatMap((event) => {
      open.select(all.startMs, event, runsOf(event));
      return Array.from(open.rows.subarray(0, open.count), (row, i) => {
        return `${names[event.event]} ${open.users[i]} day ${day} at ${event.times[row]}`;
      });
    });
  });
}

test('lets through who entered, from that day on and as far as the entry reaches', () => {
  const days = [{ B: { 1: [1] } }, { A: { 1: [5] }, B: { 0: [2], 1: [1], 2: [3] } }];
  const later = [{ B: { 1: [1] } }, { B: { 1: [1] } }];
  expect(openRows({}, [...days, ...later])).toEqual([
    'A 1 day 1 at 5',
    'B 1 day 1 at 1',
    'B 1 day 2 at 1',
    'B 1 day 3 at 1',
  ]);
  expect(openRows({ reachMs: 0 }, [...days, ...later])).not.toContain('B 1 day 3 at 1');
});

test('every entry opens anew, or the first alone', () => {
  const days = [{}, { A: { 1: [0] } }, { A: { 1: [0] } }, {}, { B: { 1: [0] } }];
  expect(openRows({}, days)).toContain('B 1 day 4 at 0');
  expect(openRows({ isFirstAlone: true }, days)).not.toContain('B 1 day 4 at 0');
});

test('what lies outside the range is no entry', () => {
  const days = [{ A: { 1: [10] } }, { A: { 2: [10] }, B: { 1: [1], 2: [1] } }];
  expect(openRows({ startMs: 5, endMs: dayMs }, days)).toEqual([
    'A 1 day 0 at 10',
    'B 1 day 1 at 1',
  ]);
  expect(openRows({ startMs: 11 }, days)).toEqual(['A 2 day 1 at 10', 'B 2 day 1 at 1']);
});

test('takes the first row of each period, also where one begins within a day', () => {
  const days = [{}, { A: { 1: [1, 2] } }, { A: { 1: [3] } }, { A: { 1: [1, 2] } }];
  const once = new Set(['A']);
  expect(openRows({ once }, days)).toEqual(['A 1 day 1 at 1', 'A 1 day 3 at 1']);
  const edges = Float64Array.of(dayMs, 3 * dayMs + 2, 5 * dayMs);
  expect(openRows({ once, edges }, days)).toEqual(['A 1 day 1 at 1', 'A 1 day 3 at 2']);
});

test('takes the first instant of all, unless it lies before the gate was open', () => {
  const firstEver = new Set(['A']);
  const days = [{ A: { 2: [7] } }, { A: { 1: [5, 5, 6], 2: [1] } }, { A: { 1: [5] } }];
  expect(openRows({ firstEver }, days)).toEqual(['A 1 day 1 at 5', 'A 1 day 1 at 5']);
});

test('lets through all of an event that must be seen whole', () => {
  const days = [{ A: { 1: [1] }, B: { 1: [1] } }];
  expect(openRows({ always: new Set(['A']) }, days)).toEqual(['A 1 day 0 at 1']);
});

test('of what breaks attempts off takes what comes after the entry, until enough instants of it are over', () => {
  const breaks = { except: new Set(['A']), instants: 2 };
  const gate = { breaks, isFirstAlone: true, reachMs: 9 * dayMs };
  const later = [{ B: { 1: [1], 2: [1] } }, { A: { 1: [9] }, B: { 1: [1], 2: [1] } }];
  const days = [{}, { A: { 1: [5], 2: [3] }, B: { 1: [4, 5, 6, 6], 2: [4, 5, 6] } }, ...later];
  expect(openRows(gate, days).filter((row) => row.includes(' 1 day'))).toEqual([
    'A 1 day 1 at 5',
    'B 1 day 1 at 6',
    'B 1 day 1 at 6',
    'B 1 day 2 at 1',
  ]);
  expect(openRows(gate, days).filter((row) => row.includes(' 2 day'))).toEqual([
    'A 2 day 1 at 3',
    'B 2 day 1 at 4',
    'B 2 day 1 at 5',
    'B 2 day 1 at 6',
  ]);
});
