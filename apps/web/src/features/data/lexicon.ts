import type { EventName, PropertyName } from '@arbor/schema/catalog';
import type { LexiconEntity, LexiconEntry } from '@arbor/schema/definitions';
import type { InsightsQueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { propertyLabel } from '#format/property-name.ts';

/** What the Lexicon says of one name in the data. */
export type LexiconRow = {
  readonly name: string;
  /** What it is called: as somebody said, or as it is known by itself. */
  readonly label: string;
  readonly entry: LexiconEntry;
  /** All there are: of properties the rows or users that have it. */
  readonly count: number;
  /** Of the last 30 days; null = of properties, and while it is not known. */
  readonly recent: number | null;
  /** ms UTC of the UTC days; null = not known. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly types: readonly string[];
};

export const entityInfo: Readonly<Record<LexiconEntity, { label: string; one: string }>> = {
  event: { label: 'Events', one: 'event' },
  event_property: { label: 'Event properties', one: 'event property' },
  person_property: { label: 'User properties', one: 'user property' },
};

const dayMs = 86_400_000;

/** Nothing was said about the name. */
export const emptyEntry = (name: string): LexiconEntry => ({
  name,
  hidden: false,
  displayName: null,
  description: '',
  mergedInto: null,
});

export type LexiconParts = {
  readonly events: readonly EventName[];
  readonly properties: readonly PropertyName[];
  readonly entries: readonly LexiconEntry[];
  /** By event; null = not known yet. */
  readonly recent: ReadonlyMap<string, number> | null;
};

/** Names that arrived, and those of which something was said before they did. */
export function lexiconRows(entity: LexiconEntity, parts: LexiconParts): readonly LexiconRow[] {
  const entries = new Map(parts.entries.map((entry) => [entry.name, entry]));
  const known = entity === 'event' ? eventFacts(parts) : propertyFacts(entity, parts.properties);
  const arrived = new Set(known.map(({ name }) => name));
  const announced = [...entries.keys()]
    .filter((name) => !arrived.has(name))
    .map((name) => ({ name, ...nothing, recent: entity === 'event' ? 0 : null }));
  return [...known, ...announced].map((facts) => {
    const entry = entries.get(facts.name) ?? emptyEntry(facts.name);
    return { ...facts, entry, label: entry.displayName ?? ownLabel(entity, facts.name) };
  });
}

/** What something is called of which nobody said another name. */
function ownLabel(entity: LexiconEntity, name: string): string {
  return entity === 'event' ? name : propertyLabel(name);
}

type Facts = Pick<LexiconRow, 'name' | 'count' | 'recent' | 'firstMs' | 'lastMs' | 'types'>;

const nothing = { count: 0, recent: null, firstMs: null, lastMs: null, types: [] } as const;

function eventFacts({ events, recent }: LexiconParts): Facts[] {
  const instant = (day: number | undefined): number | null =>
    day === undefined ? null : day * dayMs;
  return events.map(({ name, count, firstDay, lastDay }) => ({
    name,
    count,
    recent: recent === null ? null : (recent.get(name) ?? 0),
    firstMs: instant(firstDay),
    lastMs: instant(lastDay),
    types: [],
  }));
}

function propertyFacts(entity: LexiconEntity, properties: readonly PropertyName[]): Facts[] {
  const scope = entity === 'person_property' ? 'person' : 'event';
  return properties
    .filter((property) => property.scope === scope)
    .map(({ name, count, types }) => ({ ...nothing, name, count, types }));
}

export type LexiconFilter = {
  readonly search: string;
  readonly show: 'all' | 'visible' | 'hidden';
};

/** A search looks at the raw name, the display name and the description. */
export function filterRows(
  rows: readonly LexiconRow[],
  { search, show }: LexiconFilter,
): readonly LexiconRow[] {
  const needle = search.trim().toLowerCase();
  return rows.filter(({ name, label, entry }) => {
    if (show !== 'all' && entry.hidden !== (show === 'hidden')) return false;
    return `${name}\n${label}\n${entry.description}`.toLowerCase().includes(needle);
  });
}

/** Events of the protocol, which "any event" leaves out (reports.md 3.2). */
const protocolEvents = ['$identify', '$create_alias', '$merge'];
const eventsMax = 50_000;

/** How often each event happened, hidden ones and those of the protocol included. */
export function volumeQuery(
  range: { readonly from: string; readonly to: string },
  hidden: readonly string[],
): InsightsQueryInput {
  const named = [...protocolEvents, ...hidden].map((event) => ({ event }));
  const definition = [{ event: null }, ...named];
  return {
    type: 'insights',
    range,
    unit: 'total',
    metrics: [{ selector: { anyOf: [{ event: null, definition }] }, measure: { type: 'total' } }],
    breakdowns: [{ property: { scope: 'event', name: '$event_name' } }],
    segmentsMax: eventsMax,
  };
}

export function volumesOf(result: QueryResult): ReadonlyMap<string, number> {
  if (result.type !== 'insights') return new Map();
  return new Map(
    result.series.flatMap(({ segment, total }) =>
      segment === null || total === null ? [] : [[segment.text, total] as const],
    ),
  );
}
