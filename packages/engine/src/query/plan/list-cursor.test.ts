import { expect, it } from 'vitest';
import { listCursor, readListCursor } from './list-cursor.ts';

const event = { type: 'event', user: 'ü', timeMs: 1.5, event: 'View', rank: 2 } as const;

it('reads back where a page ended', () => {
  expect(readListCursor(listCursor(event), 'events')).toEqual(event);
  const user = { type: 'user', user: '\u{1F600}"' } as const;
  expect(readListCursor(listCursor(user), 'users')).toEqual(user);
});

it('fits into an address', () => {
  expect(listCursor(event)).toMatch(/^[\w-]+$/);
});

it.each([
  ['of a list of the other kind', listCursor(event), 'users'],
  ['that is no JSON', 'abc', 'users'],
  ['of a negative place', listCursor({ ...event, rank: -1 }), 'events'],
] as const)('refuses one %s', (_, cursor, what) => {
  expect(() => readListCursor(cursor, what)).toThrow(
    `cursor "${cursor}" is no place in a list of ${what}: send \`next\` of the page before, or none`,
  );
});
