import type { ListedEvent } from '@arbor/schema/result';
import { ApiError } from '../../errors.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';
import { eventAnswer, everything, feedOf, usersOf } from './feed.ts';

/** Events of one answer, which has no pages: some 50 MB. More are for the raw export. */
const eventsMax = 50_000;
const pageEvents = 10_000;

/** `/stream/query` (`query-api.md` 10.1): all that some users did in a range, by time. */
export function streamQuery(deps: DataDeps): Endpoint {
  return {
    path: '/stream/query',
    handle: async (asked: Asked) => {
      const range = asked.parameters.dates();
      const users = await usersOf(deps, asked);
      const events = users.length === 0 ? [] : await allEvents(deps, asked, { users, range });
      return { status: 'ok', results: { events: events.toReversed().map(eventAnswer) } };
    },
  };
}

async function allEvents(
  deps: DataDeps,
  asked: Asked,
  of: { readonly users: readonly string[]; readonly range: { from: string; to: string } },
): Promise<ListedEvent[]> {
  const found: ListedEvent[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const feed = { ...of, anyOf: everything, filters: [], limit: pageEvents };
    const page = await feedOf(deps, asked, { ...feed, cursor });
    for (const event of page.events) found.push(event);
    cursor = page.next;
    if (found.length + (cursor === null ? 0 : 1) > eventsMax) {
      throw new ApiError(
        'INVALID_REQUEST',
        `these users have more than ${eventsMax} events from ${of.range.from} to ${of.range.to}: ` +
          'ask for fewer days or users, or for /export',
      );
    }
  }
  return found;
}
