import { type UsersPosition, usersPositionSchema } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';

/** `next` of a page of users: the position as base64url of JSON, which no server remembers. */
export function usersCursor(position: UsersPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws `INVALID_QUERY` for what is no `next` of a list of users. */
export function readUsersCursor(cursor: string): UsersPosition {
  const position = usersPositionSchema.safeParse(jsonOf(cursor));
  if (position.success) return position.data;
  throw invalidQuery(
    `cursor "${cursor}" is no place in a list of users: send \`next\` of the page before, or none`,
  );
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
