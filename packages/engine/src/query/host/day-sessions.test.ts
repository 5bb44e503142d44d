import { expect, test } from 'vitest';
import type { SessionGate } from '../scan/session-gate.ts';
import type { DayRows, EventRows } from '../scan/scan-source.ts';
import { DaySessions, SessionGates } from './day-sessions.ts';

const dayMs = 86_400_000;
const names = ['$identify', 'A', 'B', 'other'];

const plain: SessionGate = {
  kept: new Set(['A', 'B']),
  entries: new Set(['A']),
  startMs: 0,
  endMs: 9 * dayMs,
  isFirstAlone: false,
  sessions: 1,
  timeoutMs: 10,
  zone: { timezone: 'UTC', weekStart: 1 },
  isOutside: (name) => name === '$identify',
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

/** The kept rows of users 1 and 2 with their sessions: "B 2 day 1 at 5: 3". */
function sessionsOf(gate: Partial<SessionGate>, days: readonly Day[]): string[] {
  const source = {
    eventNames: names,
    userCount: 2,
    mergedUsers: new Uint32Array(),
    days: [],
    userId: String,
    personColumn: () => undefined,
  };
  const sessions = new DaySessions(new SessionGates({ ...plain, ...gate }, source), 1, 3);
  return days.flatMap((own, day) => {
    const events = Object.entries(own).map(([name, byUser]) => rowsOf(name, byUser));
    const all: DayRows = { startMs: day * dayMs, events, activity: null };
    const runsOf = ({ users }: EventRows) => ({ first: 0, end: users.length });
    sessions.begin(all, runsOf);
    return events.flatMap((event) => {
      sessions.select(event, runsOf(event));
      return Array.from(sessions.rows.subarray(0, sessions.count), (row, i) => {
        const at = `${names[event.event]} ${sessions.users[i]} day ${day} at ${event.times[row]}`;
        return `${at}: ${sessions.sessions[i]}`;
      });
    });
  });
}

test('a session goes on over events that are not kept, and ends after a longer gap', () => {
  const days = [{ A: { 1: [0, 30] }, B: { 1: [15, 50] }, other: { 1: [8] } }];
  expect(sessionsOf({}, days)).toEqual([
    'A 1 day 0 at 0: 1',
    'A 1 day 0 at 30: 2',
    'B 1 day 0 at 15: 1',
    'B 1 day 0 at 50: 3',
  ]);
});

test('events outside of sessions keep none alive and are in none', () => {
  const days = [{ $identify: { 1: [8] }, A: { 0: [1], 1: [0] }, B: { 1: [15] } }];
  expect(sessionsOf({}, days)).toEqual(['A 1 day 0 at 0: 1', 'B 1 day 0 at 15: 2']);
  expect(sessionsOf({ isOutside: (name) => name === 'A' }, days)).toEqual([]);
});

test('midnight of the zone ends a session, and that of another zone does not', () => {
  const days = [{ A: { 1: [dayMs - 5] } }, { B: { 1: [3] } }];
  expect(sessionsOf({ sessions: 2 }, days)).toEqual([
    `A 1 day 0 at ${dayMs - 5}: 1`,
    'B 1 day 1 at 3: 2',
  ]);
  const zone = { timezone: 'America/New_York', weekStart: 1 };
  expect(sessionsOf({ zone }, days)).toEqual([`A 1 day 0 at ${dayMs - 5}: 1`, 'B 1 day 1 at 3: 1']);
});

test('whoever has no session left that an entry reaches is left out until he enters again', () => {
  const days = [{ A: { 1: [0] } }, { B: { 1: [0, 50] } }, { B: { 1: [0] } }, { A: { 1: [9] } }];
  expect(sessionsOf({}, days)).toEqual(['A 1 day 0 at 0: 1', 'A 1 day 3 at 9: 2']);
  expect(sessionsOf({ sessions: 3 }, days)).toEqual([
    'A 1 day 0 at 0: 1',
    'B 1 day 1 at 0: 2',
    'B 1 day 1 at 50: 3',
    'A 1 day 3 at 9: 4',
  ]);
  expect(sessionsOf({ isFirstAlone: true }, days)).toEqual(['A 1 day 0 at 0: 1']);
});

test('what lies outside the range is no entry', () => {
  const days = [{ A: { 1: [3], 2: [4] } }];
  expect(sessionsOf({ startMs: 4 }, days)).toEqual(['A 2 day 0 at 4: 1']);
});

test('many times of a user are put in order', () => {
  const times = Array.from({ length: 70 }, (_, i) => i);
  const days = [{ A: { 1: times }, other: { 1: times.map((time) => 1000 + time) } }];
  const found = sessionsOf({}, [...days, { B: { 1: [1] } }]);
  expect(found).toHaveLength(70);
  expect(found.every((row) => row.endsWith(': 1'))).toBe(true);
});
