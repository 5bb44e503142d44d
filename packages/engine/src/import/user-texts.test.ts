import { expect, it } from 'vitest';
import { UserTexts } from './user-texts.ts';

const textOf = (user: number): string => (user % 3 === 0 ? `ä-${user}` : `user ${user}`);

it('gives back the id of every number, over several pages', () => {
  const texts = new UserTexts();
  const count = 140_000;
  for (let user = 0; user < count; user++) {
    const bytes = Buffer.from(`"${textOf(user)}"`);
    texts.push(bytes, 1, bytes.length - 1);
  }
  expect(texts.count).toBe(count);
  const wrong = Array.from({ length: count }, (_, user) => user).filter(
    (user) => texts.text(user) !== textOf(user),
  );
  expect(wrong).toEqual([]);
  expect(texts.text(count)).toBe('');
});
