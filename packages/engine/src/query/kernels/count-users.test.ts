import { expect, test } from 'vitest';
import { countRangeUsers, countUsers } from './count-users.ts';

test('counts a user once a bucket and nobody without a user', () => {
  const input = {
    rows: Uint32Array.of(0, 1, 2, 3, 4),
    slots: new Uint32Array(5),
    users: Uint32Array.of(0, 1, 1, 1, 2),
    first: Int32Array.of(0, 0, 0, 2, -1),
    last: Int32Array.of(0, 0, 1, 2, -1),
  };
  const counts = new Float64Array(4);
  countUsers(input, 3, { lastUser: new Uint32Array(1), marked: new Int32Array(1) }, counts);
  expect(Array.from(counts.subarray(0, 3))).toEqual([1, 1, 1]);
});

test('keeps slots apart, and users apart within a slot', () => {
  const input = {
    rows: Uint32Array.of(0, 0, 1, 2),
    slots: Uint32Array.of(0, 1, 1, 1),
    users: Uint32Array.of(1, 1, 2),
    first: Int32Array.of(0, 0, 1),
    last: Int32Array.of(0, 1, 1),
  };
  const counts = new Float64Array(6);
  countUsers(input, 2, { lastUser: new Uint32Array(2), marked: new Int32Array(2) }, counts);
  expect([...counts.subarray(0, 2), ...counts.subarray(3, 5)]).toEqual([1, 0, 1, 2]);
});

test('counts the users of the range once, whatever bucket they are in', () => {
  const counts = new Float64Array(1);
  countRangeUsers(
    Uint32Array.of(0, 1, 2, 3),
    new Uint32Array(4),
    Uint32Array.of(0, 3, 3, 4),
    Int32Array.of(0, 0, 1, -1),
    { lastUser: new Uint32Array(1), counts },
  );
  expect(counts[0]).toBe(1);
});
