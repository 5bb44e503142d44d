import { ApiError } from '../../errors.ts';

/** What a bookmark has that no report of ours is: the text names it. */
export function refuse(what: string, value: unknown, instead: string): never {
  throw new ApiError(
    'INVALID_REQUEST',
    `bookmark: ${what} ${JSON.stringify(value)} is not supported: ${instead}`,
  );
}

/** One of some words, in any case. */
export function oneOf<T>(words: Readonly<Record<string, T>>, what: string, value: string): T {
  const word = value.toLowerCase();
  const known = Object.hasOwn(words, word) ? words[word] : undefined;
  return known ?? refuse(what, value, `use one of ${Object.keys(words).join(', ')}`);
}
