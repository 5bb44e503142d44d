import { describe, expect, test } from 'vitest';
import { AttemptTable } from './attempt-table.ts';
import { findAttempts } from './find-attempts.ts';
import type { Walk } from './find-attempts.ts';
import { AnyOrderFollower } from './follow-any-order.ts';
import { OrderFollower } from './follow-in-order.ts';
import type { Follower } from './follow-in-order.ts';
import { StrictFollower } from './follow-strict.ts';
import { ExclusionJudge } from './judge-exclusions.ts';
import { Obstacles } from './obstacles.ts';
import { StreamIndex } from './stream-index.ts';

interface Rules {
  readonly order: 'specific' | 'any' | 'strict';
  readonly anchors: readonly number[];
  readonly repeats: boolean;
  readonly windowMs: number;
  readonly graceMs: number;
  /** "0-2 x drop": events that fit x must not come between. */
  readonly exclusions: readonly string[];
  readonly edges: readonly number[];
}

const none = new Uint32Array(0);

/**
 * Rows as "user time fits": "1 20 ab" is a row of user 1 that fits the steps a and b. Attempts come back as the rows
 * of their steps, with "spoilt" where an exclusion dropped them.
 */
function attempts(lines: readonly string[], walk: Partial<Walk>, rules: Partial<Rules> = {}) {
  const { order = 'specific', windowMs = 50, graceMs = 0, edges = [0, 100] } = rules;
  const rows = lines.map((line) => line.split(' '));
  const fits = (letter: string) =>
    Uint8Array.from(rows, ([, , own]) => Number(own.includes(letter)));
  const viewRows = Uint32Array.from(rows, (_, row) => row);
  const users = Uint32Array.from(rows, ([user]) => Number(user));
  const times = Float64Array.from(rows, ([, time]) => Number(time));
  const steps = ['a', 'b', 'c'].map(fits);
  const obstacles = (isOne: (row: number) => boolean): Obstacles => {
    const own = viewRows.filter(isOne);
    return new Obstacles({
      viewRows: own,
      users: own.map((row) => users[row]),
      times: Float64Array.from(own, (row) => times[row]),
      sessions: none,
    });
  };
  const stream = { count: rows.length, times, users, viewRows, steps, slots: none, sessions: none };
  const index = new StreamIndex({ ...stream, lanes: new Uint32Array(rows.length) }, graceMs);
  const limits = { windowMs, sessionsAfter: null, graceMs };
  const between = order === 'strict' ? obstacles(() => true) : null;
  const follower = (): Follower => {
    if (order === 'any') return new AnyOrderFollower(index, limits, rules.anchors ?? []);
    if (between === null) return new OrderFollower(index, limits);
    return new StrictFollower(index, limits, between, rules.repeats ? steps : []);
  };
  const exclusions = (rules.exclusions ?? []).map((text) => {
    const [ends, letter, mode] = text.split(' ');
    const mask = fits(letter);
    const [from, to] = ends.split('-').map(Number);
    return { obstacles: obstacles((row) => mask[row] === 1), from, to, drops: mode === 'drop' };
  });
  const table = new AttemptTable(3);
  findAttempts(
    {
      index,
      follower: follower(),
      judge: new ExclusionJudge(index, exclusions, limits),
      between,
      limits,
    },
    {
      entries: 'first',
      supersede: false,
      useOnce: false,
      perSession: false,
      onlyMost: false,
      edges: Float64Array.from(edges),
      ...walk,
    },
    table,
  );
  return Array.from({ length: table.count }, (_, attempt) => {
    const own = Array.from(table.stepRows.subarray(3 * attempt, 3 * attempt + 3));
    const text = own.filter((row) => row >= 0).join(' ');
    return table.spoilt[attempt] > 0 ? `${text} spoilt` : text;
  });
}

const sequence: Partial<Walk> = { entries: 'sequence', useOnce: true };
const every: Partial<Walk> = { entries: 'every' };

describe('steps in order', () => {
  test('takes the first row of each step and leaves others alone', () => {
    expect(attempts(['1 0 a', '1 1 ', '1 2 b', '1 3 b', '1 4 c'], {})).toEqual(['0 2 4']);
  });

  test('a row that fits two steps does one', () => {
    expect(attempts(['1 0 ab', '1 1 ab', '1 2 bc'], {})).toEqual(['0 1 2']);
    expect(attempts(['1 0 ab', '1 1 c'], {})).toEqual(['0']);
  });

  test('rows of one instant may come in any order', () => {
    expect(attempts(['1 5 c', '1 5 b', '1 5 a'], {})).toEqual(['2 1 0']);
  });

  test('entries lie in the range, later steps need not', () => {
    expect(attempts(['1 -1 a', '1 99 a', '1 100 b', '1 149 c'], {})).toEqual(['1 2 3']);
    expect(attempts(['1 100 a', '1 101 b'], {})).toEqual([]);
  });

  test('the end of the window is inside', () => {
    expect(attempts(['1 0 a', '1 50 b'], {})).toEqual(['0 1']);
    expect(attempts(['1 0 a', '1 51 b'], {})).toEqual(['0']);
  });

  test('a step may lie as much before the one before it as the grace says', () => {
    expect(attempts(['1 8 b', '1 10 a'], {}, { graceMs: 2 })).toEqual(['1 0']);
    expect(attempts(['1 7 b', '1 10 a'], {}, { graceMs: 2 })).toEqual(['1']);
  });

  test('follows each user apart, and nobody not at all', () => {
    expect(attempts(['0 0 a', '1 0 b', '2 0 a', '3 1 b', '3 2 a'], {})).toEqual(['2', '4']);
  });
});

describe('which entries are followed', () => {
  test('the next attempt begins after a conversion, or after the window', () => {
    const converted = ['1 0 a', '1 1 b', '1 2 a', '1 3 c', '1 4 a'];
    expect(attempts(converted, sequence, { windowMs: 10 })).toEqual(['0 1 3', '4']);
    const expired = ['1 0 a', '1 10 a', '1 11 a'];
    expect(attempts(expired, sequence, { windowMs: 10 })).toEqual(['0', '2']);
  });

  test('the row that completes an attempt does not begin the next', () => {
    expect(attempts(['1 0 a', '1 1 b', '1 2 ac', '1 3 b'], sequence)).toEqual(['0 1 2']);
  });

  test('a row is a step of one attempt, whatever the grace', () => {
    const rows = ['1 0 a', '1 1 b', '1 2 c', '1 3 a', '1 4 b'];
    expect(attempts(rows, sequence, { graceMs: 2 })).toEqual(['0 1 2', '3 4']);
  });

  test('where the most steps count, those of the first step alone come once a user and period', () => {
    const rows = ['1 0 a', '1 1 a', '1 2 a', '1 3 b', '1 40 a', '2 0 a', '2 1 a'];
    const most: Partial<Walk> = { ...every, supersede: true, onlyMost: true };
    expect(attempts(rows, most)).toEqual(['0', '2 3', '5']);
    expect(attempts(rows, most, { edges: [0, 30, 60] })).toEqual(['0', '2 3', '4', '5']);
    const spoilt = { exclusions: ['0-1 x drop'] };
    expect(attempts(['1 0 a', '1 1 x', '1 60 a', '1 61 a'], most, spoilt)).toEqual([
      '0 spoilt',
      '2',
    ]);
  });

  test('every entry is followed as if it were the only one', () => {
    expect(attempts(['1 0 a', '1 1 a', '1 2 b'], every)).toEqual(['0 2', '1 2']);
  });

  test('a newer entry takes over before the second step', () => {
    const optimized = { ...every, supersede: true };
    expect(attempts(['1 0 a', '1 1 a', '1 2 b'], optimized)).toEqual(['0', '1 2']);
    expect(attempts(['1 0 a', '1 1 b', '1 2 a', '1 3 c'], optimized)).toEqual(['0 1 3', '2']);
  });

  test('of attempts side by side the first has a row for itself', () => {
    const rows = ['1 0 a', '1 1 b', '1 2 a', '1 3 b', '1 4 c', '1 5 c'];
    expect(attempts(rows, { ...every, useOnce: true })).toEqual(['0 1 4', '2 3 5']);
    expect(attempts(rows.slice(0, 5), { ...every, useOnce: true })).toEqual(['0 1 4', '2 3']);
  });

  test('each period is a funnel of its own', () => {
    const rows = ['1 1 a', '1 11 a', '1 12 b', '1 13 c'];
    expect(attempts(rows, sequence, { edges: [0, 10, 20] })).toEqual(['0 2 3', '1 2 3']);
    expect(attempts(rows, {}, { edges: [0, 20] })).toEqual(['0 2 3']);
  });

  test('a step of an attempt of one period is an entry of the next', () => {
    const rows = ['1 1 a', '1 11 ab'];
    expect(attempts(rows, sequence, { edges: [0, 10, 20] })).toEqual(['0 1', '1']);
  });
});

describe('any order', () => {
  const anyOrder = { order: 'any' as const };

  test('steps are done as they come, from the first event on', () => {
    expect(attempts(['1 0 c', '1 1 c', '1 2 a', '1 3 b'], {}, anyOrder)).toEqual(['0 2 3']);
  });

  test('an anchored step comes after all before it and before all after it', () => {
    const rows = ['1 0 b', '1 1 a', '1 2 c', '1 3 b'];
    expect(attempts(rows, {}, { ...anyOrder, anchors: [0] })).toEqual(['1 2 3']);
    expect(attempts(rows, {}, { ...anyOrder, anchors: [2] })).toEqual(['0 1 2']);
    expect(attempts(rows, {}, { ...anyOrder, anchors: [0, 1, 2] })).toEqual(['1 3']);
  });

  test('rows that fit several steps are dealt out so that most are done', () => {
    expect(attempts(['1 0 ab', '1 1 a'], {}, anyOrder)).toEqual(['0 1']);
    expect(attempts(['1 0 abc', '1 1 ab', '1 2 a'], {}, anyOrder)).toEqual(['0 1 2']);
    expect(attempts(['1 0 a', '1 1 a', '1 2 ab'], {}, anyOrder)).toEqual(['0 2']);
  });
});

describe('strict order', () => {
  const strict = { order: 'strict' as const };

  test('nothing may lie between', () => {
    expect(attempts(['1 0 a', '1 1 b', '1 2 c'], {}, strict)).toEqual(['0 1 2']);
    expect(attempts(['1 0 a', '1 1 ', '1 2 b'], {}, strict)).toEqual(['0']);
  });

  test('a repeat of the step just done breaks it, or may not', () => {
    const rows = ['1 0 a', '1 1 a', '1 2 b'];
    expect(attempts(rows, {}, strict)).toEqual(['0']);
    expect(attempts(rows, {}, { ...strict, repeats: true })).toEqual(['0 2']);
    const twice = ['1 0 a', '1 1 b', '1 2 a', '1 3 c'];
    expect(attempts(twice, {}, { ...strict, repeats: true })).toEqual(['0 1']);
  });

  test('what breaks an attempt may begin the next', () => {
    expect(attempts(['1 0 a', '1 1 a', '1 2 b'], sequence, strict)).toEqual(['0', '1 2']);
  });

  test('rows within the grace may swap with a step', () => {
    const rows = ['1 0 a', '1 1 ', '1 2 b'];
    expect(attempts(rows, {}, { ...strict, graceMs: 1 })).toEqual(['0 2']);
  });
});

describe('exclusions', () => {
  test('keep the steps before, and lose the later ones', () => {
    const rows = ['1 0 a', '1 1 b', '1 2 x', '1 3 c'];
    expect(attempts(rows, {}, { exclusions: ['0-2 x stop'] })).toEqual(['0 1']);
    expect(attempts(rows, {}, { exclusions: ['0-1 x stop'] })).toEqual(['0 1 3']);
  });

  test('a row that is a step does not exclude itself', () => {
    const rows = ['1 0 a', '1 1 a', '1 2 a', '1 3 b'];
    expect(attempts(rows, sequence, { exclusions: ['0-1 a stop'] })).toEqual(['0', '2 3']);
  });

  test('spoil the attempt, also where nothing comes after them', () => {
    const exclusions = ['0-1 x drop'];
    expect(attempts(['1 0 a', '1 1 x'], {}, { exclusions })).toEqual(['0 spoilt']);
    expect(attempts(['1 0 a', '1 60 x'], {}, { exclusions })).toEqual(['0']);
    expect(attempts(['1 0 a', '1 1 b', '1 2 x'], {}, { exclusions })).toEqual(['0 1']);
  });

  test('within the grace they may swap with a step', () => {
    const rows = ['1 0 a', '1 2 x', '1 10 b', '1 18 x', '1 20 c'];
    expect(attempts(rows, {}, { exclusions: ['0-2 x stop'], graceMs: 2 })).toEqual(['0 2 4']);
    expect(attempts(rows, {}, { exclusions: ['0-2 x stop'], graceMs: 1 })).toEqual(['0']);
  });

  test('one that comes after another ended the attempt does not matter', () => {
    const rows = ['1 0 a', '1 1 x', '1 2 y', '1 3 b'];
    const exclusions = ['0-1 x stop', '0-1 y drop'];
    expect(attempts(rows, {}, { exclusions })).toEqual(['0']);
    expect(attempts(rows, {}, { exclusions: ['0-1 y stop', '0-1 x drop'] })).toEqual(['0 spoilt']);
  });
});

test('a user with many entries that lead nowhere costs no square of them', () => {
  const count = 20_000;
  const rows = Array.from(
    { length: 2 * count },
    (_, i) => `1 ${i / (4 * count)} ${i % 2 ? 'b' : 'a'}`,
  );
  expect(attempts(rows, every)).toHaveLength(count);
  expect(attempts(rows, { ...every, supersede: true, useOnce: true })).toHaveLength(count);
  expect(attempts(rows, every, { order: 'any' })).toHaveLength(2 * count);
  expect(attempts(rows, every, { order: 'strict', repeats: true })).toHaveLength(count);
  const crossed = [...rows, ...Array.from({ length: count }, () => '1 0.9 c')];
  expect(attempts(crossed, { ...every, supersede: true, useOnce: true }).at(-1)).toBe(
    `${2 * count - 2} ${2 * count - 1} ${3 * count - 1}`,
  );
}, 30_000);
