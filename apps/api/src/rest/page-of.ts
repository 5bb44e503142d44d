import { z } from 'zod';
import { ApiError } from '../errors.ts';

/** As many as come without being asked for in pages; most projects have fewer of anything. */
const pageMax = 1000;

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(pageMax).default(pageMax),
  cursor: z.string().max(4096).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/**
 * A page of a list that is at hand as a whole, in the order of its keys (by UTF-16 units), which must be unique. The
 * cursor is the key of the last item, so that what is added or taken away meanwhile neither doubles nor drops another.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, cursor }: PageQuery,
): { readonly page: Item[]; readonly next: string | null } {
  const after = cursor === undefined ? null : keyIn(cursor);
  const keyed = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === null || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const page = keyed.slice(0, limit);
  const last = page.at(-1);
  return {
    page: page.map(({ item }) => item),
    next: last !== undefined && keyed.length > limit ? cursorOf(last.key) : null,
  };
}

/** Of what comes most frequent first: keys that sort by a count that falls, then by name. */
export const frequencyKey = (count: number, name: string): string =>
  `${String(Number.MAX_SAFE_INTEGER - count).padStart(16, '0')}${name}`;

/** With a mark in front, so that a cursor is never empty and other texts are seen to be none. */
const cursorOf = (key: string): string => Buffer.from(`k${key}`).toString('base64url');

function keyIn(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (text.startsWith('k') && cursorOf(text.slice(1)) === cursor) return text.slice(1);
  throw new ApiError('INVALID_REQUEST', `cursor: "${cursor}" is not the "next" of a page`);
}
