import { randomBytes } from 'node:crypto';
import type { QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { ApiError } from '../../errors.ts';
import type { Parameters } from '../parameters.ts';

/** Fifteen minutes at least (`query-api.md` 8.2); a large one takes long to be read. */
const sessionMs = 3_600_000;
const pageSize = 1000;
/** Where pages begin is looked for in steps of so many, the most that one query lists. */
const stepPages = 10;
/** Sessions whose pages are known: a few kilobytes each. */
const sessionsMax = 500;

export interface Session {
  readonly id: string;
  /** When it began: what "now" is for all of its pages. */
  readonly startedMs: number;
}

/** The session that is asked about, or a new one for the first page. Throws INVALID_REQUEST for one that is over. */
export function readSession(parameters: Parameters, page: number, nowMs: number): Session {
  const given = parameters.text('session_id');
  if (given === undefined) {
    if (page > 0) parameters.refuse('session_id', `is missing: page ${page} needs that of page 0`);
    const id = `${Math.floor(nowMs / 1000)}-${randomBytes(6).toString('base64url')}`;
    return { id, startedMs: nowMs };
  }
  const seconds = /^(\d{1,12})-[\w-]{1,32}$/.exec(given)?.[1];
  if (seconds === undefined) return parameters.refuse('session_id', `"${given}" is no session`);
  const startedMs = Number(seconds) * 1000;
  if (startedMs < nowMs - sessionMs || startedMs > nowMs + 60_000) {
    parameters.refuse('session_id', `session "${given}" has expired: begin again with page 0`);
  }
  return { id: given, startedMs };
}

type ListOf = Extract<QueryInput, { type: 'list' }>;

/**
 * Where the pages of sessions begin: after which id. Found by walking through the ids, ten pages a step, and kept, so
 * that pages which are asked for side by side begin where each other end; whoever forgot it walks anew, which only
 * takes longer.
 */
export class PageStarts {
  /** By session: the ids before pages 0, 1, …; null = the list ends before. The one used longest ago comes first. */
  readonly #known = new Map<string, Promise<(string | null)[]>>();

  /** The cursor of the page (none for the first); null = there is no such page. */
  async find(
    key: {
      readonly project: number;
      readonly session: string;
      readonly page: number;
      readonly list: ListOf;
    },
    ask: (list: ListOf) => Promise<ListResult>,
  ): Promise<{ readonly cursor?: string } | null> {
    const { page, list } = key;
    if (page === 0) return {};
    const name = JSON.stringify([key.project, key.session, list]);
    // One walk after the other: what is asked for side by side needs the same steps.
    const walked = (this.#known.get(name) ?? Promise.resolve([''])).then((before) =>
      walk(before, page, list, ask),
    );
    this.#keep(name, walked);
    try {
      const after = (await walked)[page];
      return after === undefined || after === null ? null : { cursor: cursorAfter(after) };
    } catch (error) {
      this.#known.delete(name);
      throw error;
    }
  }

  #keep(name: string, walked: Promise<(string | null)[]>): void {
    this.#known.delete(name);
    this.#known.set(name, walked);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= sessionsMax) return;
      this.#known.delete(oldest);
    }
  }
}

/** The ids before the pages, up to this one at least, or to the end. */
async function walk(
  before: readonly (string | null)[],
  page: number,
  list: ListOf,
  ask: (list: ListOf) => Promise<ListResult>,
): Promise<(string | null)[]> {
  const starts = [...before];
  while (starts.length <= page) {
    const last = starts.at(-1);
    if (last === null || last === undefined) return starts;
    const { users } = await ask({
      ...list,
      limit: stepPages * pageSize,
      counted: false,
      ...(last !== '' && { cursor: cursorAfter(last) }),
    });
    for (let end = pageSize; end <= users.length; end += pageSize) {
      starts.push(users[end - 1] ?? null);
    }
    if (users.length < stepPages * pageSize) starts.push(null);
  }
  return starts;
}

/** As `next` of a list says it (`listPositionSchema`). */
function cursorAfter(user: string): string {
  return Buffer.from(JSON.stringify({ type: 'user', user })).toString('base64url');
}

/** The text that Mixpanel answers where `behaviors` are asked for page by page without a moment. */
export function uncachedPage(): ApiError {
  return new ApiError(
    'INVALID_REQUEST',
    'request for page in uncached query for params: send as_of_timestamp, the same with every page',
  );
}
