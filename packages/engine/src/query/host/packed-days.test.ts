import { expect, it } from 'vitest';
import { packDays, type PackedDay, unpackDays } from './packed-days.ts';

it('brings days to a thread as they were', () => {
  const event = {
    event: 3,
    rowCount: 5,
    runs: { slab: 1, offset: 2 ** 33, length: 7, width: 4 },
    times: { slab: 1, offset: 64, length: 5, width: 4 },
    ties: null,
    columns: [
      { name: 'page', codes: { slab: 2, offset: 8, length: 5, width: 1 }, dictionary: 9 },
      { name: 'price', codes: { slab: 2, offset: 16, length: 5, width: 2 }, dictionary: 10 },
    ],
  } as const;
  const bare = { ...event, runs: null, times: null, ties: event.times, columns: [] };
  const users = { slab: 2, offset: 2 ** 32, length: 4, width: 4 } as const;
  const days: PackedDay[] = [
    { startMs: 1_709_510_400_000, activity: null, events: [event, bare] },
    { startMs: 1_709_596_800_000, activity: { users, firsts: null, lasts: null }, events: [] },
    {
      startMs: 1_709_683_200_000,
      activity: { users, firsts: { ...users, offset: 32 }, lasts: { ...users, slab: 3 } },
      events: [{ ...event, columns: [event.columns[1]] }],
    },
  ];
  expect(unpackDays(structuredClone(packDays(days)))).toEqual(days);
});
