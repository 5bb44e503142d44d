import { describe, expect, it } from 'vitest';
import { planPasses } from './chunks.ts';
import type { NeededDay } from './snapshot-days.ts';

const day = (number: number, rowsMax: number, properties: readonly string[] = []): NeededDay => ({
  day: number,
  startMs: 0,
  parts: [],
  activity: null,
  events: [
    {
      name: 'A',
      needs: { properties, times: false, users: false },
      hope: null,
      present: [0],
      key: '',
      rowsMax,
      usersMax: 1,
    },
  ],
});
const days = [day(1, 10), day(2, 10), day(3, 10, ['price'])];
const options = {
  userCount: 99,
  isFast: true,
  userBytes: 0,
  bytesMax: 100,
  heldBytesMax: 100,
  bytesOf: () => 40,
};

describe('passes', () => {
  it('take all days together where they fit', () => {
    const chunks = [{ days, bytes: 120 }];
    expect(planPasses(days, { ...options, bytesMax: 120 })).toEqual([
      { isFirst: true, firstUser: 1, endUser: 100, chunks, rowCount: 30, heldBytes: 0 },
    ]);
  });

  it('take chunks of days that fit, a day at least', () => {
    const [{ chunks }] = planPasses(days, options);
    expect(chunks.map((chunk) => chunk.days.map((one) => one.day))).toEqual([[1, 2], [3]]);
    const [tiny] = planPasses(days, { ...options, bytesMax: 1 });
    expect(tiny.chunks).toHaveLength(3);
  });

  it('are several for the slow way alone, each for users whose rows fit', () => {
    const passes = planPasses(days, {
      ...options,
      isFast: false,
      heldBytesMax: 1000,
    });
    // 30 rows of 40 bytes, and 8 more for the property of those of the last day.
    expect(passes.map(({ firstUser, endUser }) => [firstUser, endUser])).toEqual([
      [1, 51],
      [51, 100],
    ]);
    expect(passes.map(({ isFirst }) => isFirst)).toEqual([true, false]);
    expect(passes.map(({ heldBytes }) => heldBytes)).toEqual([640, 640]);
  });

  it('are as many whatever of the columns fits into memory, if not all', () => {
    const slow = { ...options, isFast: false, heldBytesMax: 2000 };
    const [only, ...others] = planPasses(days, { ...slow, bytesMax: 1 });
    expect(others).toEqual([]);
    expect(only.chunks).toHaveLength(3);
    // Nothing is held where the days come together, however little may be.
    expect(planPasses(days, { ...slow, bytesMax: 120, heldBytesMax: 1 })).toHaveLength(1);
  });

  it('are several for fast scans where the days do not fit, nor what is kept of all users', () => {
    const passes = planPasses(days, { ...options, userBytes: 2 });
    expect(passes.map(({ firstUser, endUser }) => [firstUser, endUser])).toEqual([
      [1, 51],
      [51, 100],
    ]);
    expect(passes.map(({ chunks }) => chunks.length)).toEqual([2, 2]);
    expect(planPasses(days, { ...options, userBytes: 2, bytesMax: 120 })).toHaveLength(1);
  });

  it('are one for a project without users', () => {
    const [only, ...others] = planPasses([], { ...options, userCount: 0, isFast: false });
    expect(only).toMatchObject({ firstUser: 1, endUser: 1, chunks: [{ days: [], bytes: 0 }] });
    expect(others).toEqual([]);
  });
});
