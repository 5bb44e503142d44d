import type { EventSelectorInput, FilterInput } from '@arbor/schema/query';
import type { ListedEvent, ListResult } from '@arbor/schema/result';
import { askQuery } from '../ask.ts';
import type { Asked } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';

/** Events of some users, newest first: what the activity feed shows (`query-api.md` 10). */
export interface FeedRequest {
  /** Canonical ids. */
  readonly users: readonly string[];
  readonly range: { readonly from: string; readonly to: string };
  readonly anyOf: EventSelectorInput['anyOf'];
  readonly filters: readonly FilterInput[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Events of the protocol, which "any event" leaves out (reports.md 3.2). */
const protocolEvents = ['$identify', '$create_alias', '$merge'];

/** Everything that was sent, whatever it is. */
export const everything: FeedRequest['anyOf'] = [
  {
    event: null,
    definition: [{ event: null }, ...protocolEvents.map((event) => ({ event }))],
  },
];

/** A page. */
export function feedOf(
  { queries }: DataDeps,
  asked: Asked,
  { users, range, anyOf, filters, limit, cursor }: FeedRequest,
): Promise<ListResult> {
  return askQuery(queries, asked, {
    type: 'list',
    of: {
      type: 'insights',
      range,
      unit: 'year',
      metrics: [{ selector: { anyOf }, measure: { type: 'total' } }],
      filters: [onUsers(users), ...filters],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
    counted: false,
    limit,
    cursor,
  });
}

const onUsers = (users: readonly string[]): FilterInput => ({
  type: 'property',
  property: { scope: 'person', name: '$distinct_id' },
  operator: 'equals',
  values: [...users],
});

/** The ids of whoever has these identifiers, any of a user's (10.1). */
export async function usersOf(
  { users }: DataDeps,
  { parameters, project }: Asked,
): Promise<string[]> {
  const ids = parameters.texts('distinct_ids') ?? parameters.refuse('distinct_ids', 'is missing');
  return [...new Set((await users.canonical(project, ids)).values())];
}

/** Both spellings of the id, as the examples of the documentation have them. */
export function eventAnswer({ event, timeMs, user, properties }: ListedEvent): object {
  const time = Math.floor(timeMs / 1000);
  return { event, properties: { ...properties, time, distinct_id: user, $distinct_id: user } };
}
