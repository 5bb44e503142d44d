import type { QueryInput } from '@arbor/schema/query';
import type { Bucket, QueryResult } from '@arbor/schema/result';
import type { Properties } from '@arbor/schema/property-value';
import type { UserProfile } from '@arbor/schema/users-result';
import type { QueryService } from '../dqs/ports.ts';
import { displayName } from '@arbor/schema/display-name';
import { allTime, ask, type EventsOf, onUser } from './user-events.ts';

type Queries = Pick<QueryService, 'run'>;
type Insights = Extract<QueryResult, { type: 'insights' }>;
type InsightsInput = Extract<QueryInput, { type: 'insights' }>;

/** A name for every event of a project; nobody has more. */
const eventNamesMax = 50_000;
const pageRows = 10_000;

/** What the events of a user come to, in the project's own days. */
export async function profileOf(
  queries: Queries,
  of: EventsOf,
  properties: Properties | undefined,
): Promise<UserProfile> {
  const [byEvent, byDevice, sessions] = await Promise.all([
    countEvents(queries, of, { unit: 'year', breakdowns: byName, segmentsMax: eventNamesMax }),
    countEvents(queries, of, {
      unit: 'year',
      breakdowns: deviceProperties.map((name) => ({ property: { scope: 'event', name } })),
      segmentsMax: devicesMax,
    }),
    countEvents(queries, of, { unit: 'year', measure: 'sessions' }),
  ]);
  const [all] = byEvent.series;
  const years = byEvent.buckets.filter((_, bucket) => (all?.values[bucket] ?? 0) > 0);
  const { days, firstSeenMs, lastSeenMs } = await seenOf(queries, of, years);
  const { user } = of;
  return {
    user,
    displayName: displayName(user, properties),
    properties: properties ?? null,
    firstSeenMs,
    lastSeenMs,
    eventCount: all?.total ?? 0,
    sessionCount: sessions.series[0]?.total ?? 0,
    events: byEvent.series.flatMap(({ segment, total }) =>
      segment === null ? [] : [{ event: segment.text, count: total ?? 0 }],
    ),
    devices: devicesOf(byDevice),
    days,
  };
}

/** In this order the parts of a segment say them. */
const deviceProperties = ['$browser', '$os', '$device'] as const;
const devicesMax = 20;

/** Events that say nothing of a device are those of servers: they came with none. */
function devicesOf({ series }: Insights): UserProfile['devices'] {
  return series.flatMap(({ segment, total }) => {
    if (segment?.parts === undefined) return [];
    const [browser = null, os = null, device = null] = segment.parts.map(({ type, text }) =>
      type === 'string' ? text : null,
    );
    const isTold = browser !== null || os !== null || device !== null;
    return isTold ? [{ browser, os, device, count: total ?? 0 }] : [];
  });
}

const byName: InsightsInput['breakdowns'] = [{ property: { scope: 'event', name: '$event_name' } }];

function countEvents(
  queries: Queries,
  { user, ...of }: EventsOf,
  {
    measure = 'total',
    range = allTime,
    ...options
  }: {
    readonly unit: 'year' | 'day';
    readonly range?: InsightsInput['range'];
    readonly measure?: 'total' | 'sessions';
    readonly breakdowns?: InsightsInput['breakdowns'];
    readonly segmentsMax?: number;
  },
): Promise<Insights> {
  return ask(queries, of, {
    type: 'insights',
    range,
    metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: measure } }],
    filters: [onUser(user)],
    ...options,
  });
}

/** On which days the user was there, and when he came first and last, looked for in the years that have events. */
async function seenOf(
  queries: Queries,
  of: EventsOf,
  years: readonly Bucket[],
): Promise<Pick<UserProfile, 'days' | 'firstSeenMs' | 'lastSeenMs'>> {
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) {
    return { days: [], firstSeenMs: null, lastSeenMs: null };
  }
  const range = { from: dateOf(first), to: `${dateOf(last).slice(0, 4)}-12-31` };
  const { buckets, series } = await countEvents(queries, of, { unit: 'day', range });
  const days = buckets.flatMap((bucket, n) => {
    const count = series[0]?.values[n] ?? 0;
    return count > 0 ? [{ date: dateOf(bucket), count }] : [];
  });
  const [firstSeenMs, lastSeenMs] = await Promise.all([
    timeOn(queries, of, days[0]?.date, 'first'),
    timeOn(queries, of, days.at(-1)?.date, 'last'),
  ]);
  return { days, firstSeenMs, lastSeenMs };
}

const dateOf = ({ start }: Bucket): string => start.slice(0, 10);

/** The time of the first or last event of a day. */
async function timeOn(
  queries: Queries,
  { user, ...of }: EventsOf,
  date: string | undefined,
  which: 'first' | 'last',
): Promise<number | null> {
  if (date === undefined) return null;
  let found: number | null = null;
  let cursor: string | undefined;
  do {
    const page = await ask(queries, of, {
      type: 'list',
      of: {
        type: 'insights',
        range: { from: date, to: date },
        unit: 'day',
        metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
        filters: [onUser(user)],
      },
      point: { type: 'insights', metric: 0 },
      what: 'events',
      counted: false,
      limit: which === 'last' ? 1 : pageRows,
      cursor,
    });
    found = page.events.at(which === 'last' ? 0 : -1)?.timeMs ?? found;
    cursor = page.next ?? undefined;
  } while (which === 'first' && cursor !== undefined);
  return found;
}
