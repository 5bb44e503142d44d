import { expect, test } from 'vitest';
import { UsersShelves } from './users-shelves.ts';

const texts = { bytes: new Uint8Array(100), ends: new Uint32Array(0), count: 0 };

/** Puts 100 bytes onto a shelf. */
function fill(shelves: UsersShelves, key: string): void {
  shelves.of(key).texts.set('$name', { values: [], texts });
  shelves.trim();
}

const isKept = (shelves: UsersShelves, key: string): boolean => shelves.of(key).texts.size > 0;

test('lets go of the shelf that was used longest ago when there is too much on all of them', () => {
  const shelves = new UsersShelves(250);
  fill(shelves, 'a');
  fill(shelves, 'b');
  shelves.of('a');
  fill(shelves, 'c');
  expect(['a', 'b', 'c'].map((key) => isKept(shelves, key))).toEqual([true, false, true]);
});

test('keeps the last one however large it is, until its project is forgotten', () => {
  const shelves = new UsersShelves(10);
  fill(shelves, 'a');
  expect(isKept(shelves, 'a')).toBe(true);
  shelves.forget('a');
  expect(isKept(shelves, 'a')).toBe(false);
});
