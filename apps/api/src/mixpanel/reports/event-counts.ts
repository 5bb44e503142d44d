import type { EventMatch, Measure } from '@arbor/schema/query';
import type { InsightsResult } from '@arbor/schema/result';
import { askQuery, inTurns } from '../ask.ts';
import type { Asked } from '../endpoint.ts';
import type { ReportDeps } from './report-deps.ts';
import type { Span } from './span.ts';

/** As many as one query takes (`packages/schema/src/query/insights.ts`). */
const metricsMax = 40;

/** The whole range as one number. */
type Total = Pick<Span, 'range'>;

export interface EventCounts {
  readonly buckets: InsightsResult['buckets'];
  /** One an event, in their order. */
  readonly series: readonly Pick<InsightsResult['series'][number], 'values' | 'total'>[];
}

/** Each event by itself, however many: by bucket, or for a range alone one number. */
export async function countEvents(
  { queries }: Pick<ReportDeps, 'queries'>,
  asked: Pick<Asked, 'project' | 'signal'>,
  question: {
    readonly events: readonly (Pick<EventMatch, 'event'> & Partial<EventMatch>)[];
    readonly measure: Measure;
    readonly over: Span | Total;
  },
): Promise<EventCounts> {
  const { events, measure, over } = question;
  const span = 'unit' in over ? over : { range: over.range, unit: 'total' as const };
  const chunks = Array.from({ length: Math.ceil(events.length / metricsMax) }, (_, i) =>
    events.slice(i * metricsMax, (i + 1) * metricsMax),
  );
  const results = await inTurns(chunks, (chunk) =>
    askQuery(queries, asked, {
      type: 'insights',
      ...span,
      metrics: chunk.map((event) => ({ selector: { anyOf: [event] }, measure })),
    }),
  );
  return {
    buckets: results[0]?.buckets ?? [],
    series: results.flatMap(({ series }) => series),
  };
}

/** Records of the protocol, which are stored as events and are none that anybody counts (`reports.md` 3.2). */
const protocolEvents: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge']);

/** Names of events that a project shows: without hidden ones, and without those that are read as another. */
export async function shownEvents(
  { names, definitions }: Pick<ReportDeps, 'names' | 'definitions'>,
  { project, signal }: Pick<Asked, 'project' | 'signal'>,
): Promise<string[]> {
  const [{ events }, lexicon] = await Promise.all([
    names.names({ project, signal }),
    definitions.lexicon(project, 'event'),
  ]);
  const left = new Set(
    lexicon.flatMap(({ name, hidden, mergedInto }) =>
      hidden || mergedInto !== null ? [name] : [],
    ),
  );
  return events
    .map(({ name }) => name)
    .filter((name) => !left.has(name) && !protocolEvents.has(name));
}

/** Most common first, then by name; those that did not happen are left out. */
export function ranked<T extends { readonly name: string; readonly amount: number }>(
  rows: readonly T[],
): T[] {
  return rows
    .filter(({ amount }) => amount > 0)
    .sort((left, right) => right.amount - left.amount || (left.name < right.name ? -1 : 1));
}
