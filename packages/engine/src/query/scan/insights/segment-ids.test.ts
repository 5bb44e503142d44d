import { expect, test } from 'vitest';
import { SegmentIds } from './segment-ids.ts';
import { UserCounter } from './user-counter.ts';
import { StatePool, UserStates } from './user-states.ts';

const userCount = 4000;

/** Every user in the slots 0 … slotCount − 1, one slot after the other. */
function entries(slotCount: number) {
  const count = userCount * slotCount;
  return {
    users: Uint32Array.from({ length: count }, (_, i) => i % userCount),
    slots: Uint32Array.from({ length: count }, (_, i) => Math.floor(i / userCount)),
    count,
  };
}

test('nobody is forgotten or counted twice while segments become more', () => {
  const counter = new UserCounter(
    { starts: [10, 20], ends: [20, 30] },
    Float64Array.of(10, 20, 30),
  );
  const pool = new StatePool();
  const states = (ids: number): UserStates => new UserStates([counter], ids, pool);
  const segments = new SegmentIds(userCount, 3, states);
  // 3 and 60 slots have a place a user each, 300 are too many for that.
  for (const [piece, slotCount] of [
    [1, 3],
    [1, 60],
    [2, 3],
    [2, 300],
    [2, 300],
  ]) {
    counter.reserve(slotCount);
    const { users, slots, count } = entries(slotCount);
    const ids = new Uint32Array(count);
    segments.write(users, slots, { count, slotCount }, ids);
    segments.states.addInSlots(ids, slots, count, piece);
  }
  const counted = (slot: number) => counter.countsOf(slot);
  expect(counted(2)).toEqual({ at: [0, 1], counts: [userCount, userCount], range: userCount });
  expect(counted(59)).toEqual({ at: [0, 1], counts: [userCount, userCount], range: userCount });
  expect(counted(299)).toEqual({ at: [1], counts: [userCount], range: userCount });
});

test('what a day has gathered stays when its segments become too many for places', () => {
  const counter = new UserCounter(
    { starts: [10, 20], ends: [20, 30] },
    Float64Array.of(10, 20, 30),
  );
  const pool = new StatePool();
  const segments = new SegmentIds(userCount, 3, (ids) => new UserStates([counter], ids, pool));
  counter.reserve(300);
  for (const slotCount of [3, 300]) {
    const { users, slots, count } = entries(slotCount);
    const ids = new Uint32Array(count);
    segments.write(users, slots, { count, slotCount }, ids);
    const pieces = new Uint32Array(count).fill(slotCount === 3 ? 0b01 : 0b10);
    segments.states.addPieces(ids, slots, pieces, count);
  }
  segments.states.endDay(1);
  expect(counter.countsOf(1)).toMatchObject({ counts: [userCount, userCount], range: userCount });
  expect(counter.countsOf(200)).toMatchObject({ at: [1], counts: [userCount], range: userCount });
});
