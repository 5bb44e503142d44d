import { listPositionSchema } from '@arbor/schema/query';
import type { ListPosition } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';

/**
 * `next` of a page, which whoever wants the page after it sends back: the last entry as base64url of JSON. No
 * server remembers it, and what came meanwhile moves no entry from one page to another.
 */
export function listCursor(position: ListPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws `INVALID_QUERY` for what is no `next` of a list of `what`. */
export function readListCursor(cursor: string, what: 'users' | 'events'): ListPosition {
  const position = listPositionSchema.safeParse(jsonOf(cursor));
  if (position.success && `${position.data.type}s` === what) return position.data;
  throw invalidQuery(
    `cursor "${cursor}" is no place in a list of ${what}: send \`next\` of the page before, or none`,
  );
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
