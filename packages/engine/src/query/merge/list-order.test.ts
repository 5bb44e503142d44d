import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { compareEvents, compareIds } from './list-order.ts';

const id = fc.string({
  unit: fc.constantFrom('a', 'b', '\u00FC', '\uD7FF', '\uFF5E', '\u{1F600}'),
});

test('orders ids by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(id, id, (left, right) => {
      const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(Math.sign(compareIds(left, right))).toBe(bytes);
    }),
  );
});

it('puts a character beyond 16 bits behind all others', () => {
  expect(['\u{1F600}', '\uFF5E', 'a', 'ab', ''].sort(compareIds)).toEqual([
    '',
    'a',
    'ab',
    '\uFF5E',
    '\u{1F600}',
  ]);
});

it('orders events by time, newest first, then by user, name and arrival', () => {
  const event = { user: 'b', timeMs: 2, event: 'B', rank: 1 };
  const ordered = [
    { ...event, timeMs: 3 },
    { ...event, user: 'a' },
    { ...event, event: 'A' },
    { ...event, rank: 0 },
    event,
    { ...event, timeMs: 1 },
  ];
  expect([...ordered].reverse().sort(compareEvents)).toEqual(ordered);
});
