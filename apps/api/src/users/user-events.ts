import {
  type ActivityRequest,
  type EventSelectorInput,
  type FilterInput,
  type QueryInput,
  querySchema,
} from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { Activity } from '@arbor/schema/users-result';
import type { QueriedProject, QueryService } from '../dqs/ports.ts';
import { ApiError } from '../errors.ts';

/** Whose events, and who asks. */
export interface EventsOf {
  readonly project: QueriedProject;
  /** Canonical id. */
  readonly user: string;
  readonly signal: AbortSignal;
}

type Queries = Pick<QueryService, 'run'>;
type ResultOf<T extends QueryResult['type']> = Extract<QueryResult, { type: T }>;

/** Before and after everything that is stored. */
export const allTime = { from: '1970-01-01', to: '2100-01-01' };

/** A filter that lets one user through: the engine reads nobody else's rows then. */
export const onUser = (user: string): FilterInput => ({
  type: 'property',
  property: { scope: 'person', name: '$distinct_id' },
  operator: 'equals',
  values: [user],
});

/** Events of the protocol, which "any event" leaves out (reports.md 3.2). */
const protocolEvents = ['$identify', '$create_alias', '$merge'];

export async function ask<T extends QueryResult['type']>(
  queries: Queries,
  { project, signal }: Omit<EventsOf, 'user'>,
  query: Extract<QueryInput, { type: T }>,
): Promise<ResultOf<T>> {
  const { result } = await queries.run({ project, query: querySchema.parse(query), signal });
  if (result.type === query.type) return result as ResultOf<T>;
  throw new ApiError('INTERNAL', `a query of type ${query.type} was answered with ${result.type}`);
}

/** What else a feed depends on. */
export interface FeedNames {
  /** Events that the project hides. */
  readonly hidden: readonly string[];
  /** Properties of events, whose values are searched. */
  readonly searched: readonly string[];
}

/** A page of the user's events, newest first. */
export async function eventsOf(
  queries: Queries,
  { user, ...of }: EventsOf,
  { activity, names }: { readonly activity: ActivityRequest; readonly names: FeedNames },
): Promise<Activity> {
  const { from = allTime.from, to = allTime.to, limit, cursor } = activity;
  const { events, next } = await ask(queries, of, {
    type: 'list',
    of: {
      type: 'insights',
      range: { from, to },
      unit: 'year',
      metrics: [{ selector: { anyOf: matches(activity, names) }, measure: { type: 'total' } }],
      filters: [onUser(user), ...activity.filters, ...searching(activity.search, names)],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
    counted: false,
    limit,
    cursor,
  });
  return {
    events: events.map(({ event, timeMs, properties }) => ({ event, timeMs, properties })),
    next,
  };
}

function matches(
  { events, withHidden }: ActivityRequest,
  { hidden }: FeedNames,
): EventSelectorInput['anyOf'] {
  const any = { event: null };
  const named = (event: string) => ({ event });
  if (events !== undefined) return [{ event: null, definition: events.map(named) }];
  if (!withHidden) return [any];
  return [{ event: null, definition: [any, ...[...protocolEvents, ...hidden].map(named)] }];
}

function searching(search: string, { searched }: FeedNames): FilterInput[] {
  if (search === '') return [];
  const filters = ['$event_name', ...searched].map((name): FilterInput => ({
    type: 'property',
    property: { scope: 'event', name },
    operator: 'contains',
    values: [search],
  }));
  return [{ type: 'any', filters }];
}
