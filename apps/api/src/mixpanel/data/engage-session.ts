import { randomBytes } from 'node:crypto';
import { ApiError } from '../../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { Listing } from './engage-listing.ts';

/** Fifteen minutes at least (`query-api.md` 8.2); a large one takes long to be read. */
const sessionMs = 3_600_000;
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

/**
 * Where the pages of sessions begin: the cursor of each. Found by walking through the list, some pages a step, and kept, so
 * that pages which are asked for side by side begin where each other end; whoever forgot it walks anew, which only
 * takes longer.
 */
export class PageStarts {
  /** By session: the cursors of pages 0, 1, …; null = the list ends before. The one used longest ago comes first. */
  readonly #known = new Map<string, Promise<(string | null)[]>>();

  /** The cursor of the page ('' for the first); null = there is no such page. */
  async find(key: {
    readonly project: number;
    readonly session: string;
    readonly page: number;
    readonly listing: Listing;
  }): Promise<string | null> {
    const { page, listing } = key;
    if (page === 0) return '';
    const name = JSON.stringify([key.project, key.session, listing.name]);
    // One walk after the other: what is asked for side by side needs the same steps.
    const walked = (this.#known.get(name) ?? Promise.resolve([''])).then((starts) =>
      walk(starts, page, listing),
    );
    this.#keep(name, walked);
    try {
      return (await walked)[page] ?? null;
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

/** The cursors of the pages, up to this one at least, or to the end. */
async function walk(
  known: readonly (string | null)[],
  page: number,
  listing: Listing,
): Promise<(string | null)[]> {
  const starts = [...known];
  while (starts.length <= page) {
    const last = starts.at(-1);
    if (last === null || last === undefined) return starts;
    const { cursors, isEnd } = await listing.walk(last);
    starts.push(...cursors);
    if (isEnd) starts.push(null);
  }
  return starts;
}

/** The text that Mixpanel answers where `behaviors` are asked for page by page without a moment. */
export function uncachedPage(): ApiError {
  return new ApiError(
    'INVALID_REQUEST',
    'request for page in uncached query for params: send as_of_timestamp, the same with every page',
  );
}
