import type { InsightsQueryInput, PropertyRef } from '@arbor/schema/query';
import type { EventName } from '@arbor/schema/catalog';
import { z } from 'zod';
import { filterStateSchema, type FilterState } from '#report/filter-state.ts';
import { queryFilters } from '#report/question.ts';
import { automaticUnit, rangeStateSchema, resolveRange } from '#report/range.ts';
import { segmentFilter } from '#report/segment-filter.ts';
import { channel, screenSize } from './properties.ts';

/** What the head of the page counts, in the order of its figures (UX-W1). */
export const figures = [
  'users',
  'sessions',
  'views',
  'viewsPerSession',
  'bounce',
  'duration',
] as const;
export type Figure = (typeof figures)[number];

export const figureLabels: Readonly<Record<Figure, string>> = {
  users: 'Users',
  sessions: 'Sessions',
  views: 'Page views',
  viewsPerSession: 'Views per session',
  bounce: 'Bounce',
  duration: 'Median duration',
};

/** What each list of the page tells apart, as one of the tabs of a card (UX-W2). */
export const tabs = {
  pages: [
    { id: 'all', label: 'All pages' },
    { id: 'entry', label: 'Entry pages' },
  ],
  sources: [
    { id: 'channel', label: 'Channels' },
    { id: '$referring_domain', label: 'Referrers' },
    { id: 'utm_source', label: 'Sources' },
    { id: 'utm_medium', label: 'Media' },
    { id: 'utm_campaign', label: 'Campaigns' },
  ],
  places: [
    { id: 'mp_country_code', label: 'Countries' },
    { id: '$region', label: 'Regions' },
    { id: '$city', label: 'Cities' },
  ],
  devices: [
    { id: '$browser', label: 'Browsers' },
    { id: '$os', label: 'Systems' },
    { id: '$device', label: 'Devices' },
    { id: 'size', label: 'Sizes' },
  ],
  did: [
    { id: 'events', label: 'Events' },
    { id: 'links', label: 'Outgoing links' },
  ],
} as const;

/** Tabs of properties that are worked out; every other tab of theirs is called as the property that it lists. */
const workedOut: Readonly<Record<string, PropertyRef>> = { channel, size: screenSize };

export function tabProperty(id: string): PropertyRef {
  return workedOut[id] ?? { scope: 'event', name: id };
}

const tab = <const T extends readonly { readonly id: string }[]>(of: T) =>
  z.enum(of.map(({ id }) => id) as [T[number]['id'], ...T[number]['id'][]]);

export const webStateSchema = z.object({
  range: rangeStateSchema,
  /** What counts as a view of a page; null: the event that is called so most often. */
  event: z.string().min(1).nullable(),
  filters: z.array(filterStateSchema),
  figure: z.enum(figures),
  pages: tab(tabs.pages),
  sources: tab(tabs.sources),
  places: tab(tabs.places),
  devices: tab(tabs.devices),
  did: tab(tabs.did).default('events'),
});
export type WebState = z.infer<typeof webStateSchema>;

export const initialState: WebState = {
  range: { preset: '30d' },
  event: null,
  filters: [],
  figure: 'users',
  pages: 'all',
  sources: '$referring_domain',
  places: 'mp_country_code',
  devices: '$browser',
  did: 'events',
};

/** What page views are called by our SDK and Mixpanel's, and by people. */
const viewNames = new Set([
  '$mp_web_page_view',
  'page viewed',
  'page view',
  'page_view',
  'pageview',
  '$pageview',
]);

/** The event that counts as a view of a page: the chosen one, or the most frequent one that is called so. */
export function viewEvent(state: WebState, names: readonly EventName[]): string | null {
  if (state.event !== null) return state.event;
  const known = names.filter(({ name }) => viewNames.has(name.toLowerCase()));
  return known.toSorted((a, b) => b.count - a.count)[0]?.name ?? null;
}

/** The property that tells pages apart: the best of those that the project's events have. */
export function pageProperty(names: ReadonlySet<string>): PropertyRef {
  const known = ['current_url_path', '$current_url', 'page', 'path'];
  return { scope: 'event', name: known.find((name) => names.has(name)) ?? '$current_url' };
}

const sessionEnd = '$session_end';
const sessionStart = '$session_start';

/**
 * What is known of a session as a whole (`reports.md` 12): a filter on anything else cannot be asked of how long
 * sessions were, or of those with one event.
 */
const sessionKeeps = new Set([
  '$browser',
  '$city',
  '$country_code',
  '$device',
  '$os',
  '$region',
  'mp_country_code',
  'mp_lib',
  'utm_campaign',
  'utm_content',
  'utm_source',
]);

export function knowsSessions({ filters }: Pick<WebState, 'filters'>): boolean {
  return filters.every(
    ({ property }) => property.scope === 'person' || sessionKeeps.has(property.name),
  );
}

/** Whether sessions can be told apart by the page they began with: they keep its address, too. Others would all be left out. */
export function knowsEntries({ filters }: Pick<WebState, 'filters'>): boolean {
  return knowsSessions({
    filters: filters.filter(({ property }) => property.name !== '$current_url'),
  });
}

type Asked = { readonly timezone: string; readonly nowMs: number; readonly event: string };

/** All figures, over the range and in its buckets, beside those of the time before (UX-W5). */
export function figuresQuery(
  state: WebState,
  { timezone, nowMs, event }: Asked,
): InsightsQueryInput {
  const range = resolveRange(state.range, timezone, nowMs);
  const ended = (filters: InsightsQueryInput['filters'] = []) => ({
    anyOf: [{ event: sessionEnd, filters }],
  });
  const count: PropertyRef = { scope: 'event', name: '$event_count' };
  const seconds: PropertyRef = { scope: 'event', name: '$duration_s' };
  const views = { anyOf: [{ event }] };
  const ofSessions: InsightsQueryInput['metrics'] = [
    {
      selector: ended([{ type: 'property', property: count, operator: 'equals', values: [1] }]),
      measure: { type: 'total' },
    },
    { selector: ended(), measure: { type: 'total' } },
    { selector: ended(), measure: { type: 'median', property: seconds } },
  ];
  const known = knowsSessions(state);
  return {
    type: 'insights',
    range,
    unit: automaticUnit(range),
    metrics: [
      { selector: views, measure: { type: 'unique' } },
      { selector: views, measure: { type: 'sessions' } },
      { selector: views, measure: { type: 'total' } },
      ...(known ? ofSessions : []),
    ],
    formulas: [{ expression: 'C / B' }, ...(known ? [{ expression: 'D / E' }] : [])],
    filters: queryFilters(state.filters),
    compare: { type: 'previous_period' },
  };
}

/** Where each figure stands in the answer; undefined = it cannot be known under these filters. */
export function metricOf(figure: Figure, known: boolean): number | undefined {
  switch (figure) {
    case 'users':
      return 0;
    case 'sessions':
      return 1;
    case 'views':
      return 2;
    case 'viewsPerSession':
      return known ? 6 : 3;
    case 'duration':
      return known ? 5 : undefined;
    case 'bounce':
      return known ? 7 : undefined;
  }
}

/** Segments that come back: more than a person looks through, and enough for a file. */
export const segmentsMax = 10_000;

/** What a list counts: who viewed pages, sessions that began with one, all events, or clicks that led elsewhere. */
export type Listed = 'views' | 'entries' | 'events' | 'links';
export type ListedBy = { readonly property: PropertyRef; readonly of: Listed };

/** What the numbers of a list are numbers of. */
export const listedNouns: Readonly<Record<Listed, string>> = {
  views: 'Users',
  entries: 'Sessions',
  events: 'Events',
  links: 'Clicks',
};

/** A click as our SDK and Mixpanel's capture it by themselves. */
const click = '$mp_click';
const leadsElsewhere: FilterState = {
  property: { scope: 'event', name: '$link_type' },
  kind: 'text',
  operator: 'equals',
  values: ['outgoing'],
};
export const didProperties: Readonly<Record<WebState['did'], PropertyRef>> = {
  events: { scope: 'event', name: '$event_name' },
  links: { scope: 'event', name: '$el_attr__href' },
};

/** The event that a list counts, by which filters, as it stands in reports; null = any event. */
function listedEvent(
  of: Listed,
  view: string,
): { readonly event: string | null; readonly filters: FilterState[] } {
  switch (of) {
    case 'views':
      return { event: view, filters: [] };
    case 'entries':
      return { event: sessionStart, filters: [] };
    case 'events':
      return { event: null, filters: [] };
    case 'links':
      return { event: click, filters: [leadsElsewhere] };
  }
}

export function listQuery(
  state: WebState,
  { property, of }: ListedBy,
  { timezone, nowMs, event }: Asked,
): InsightsQueryInput {
  const listed = listedEvent(of, event);
  return {
    type: 'insights',
    range: resolveRange(state.range, timezone, nowMs),
    unit: 'total',
    metrics: [
      {
        selector: { anyOf: [{ event: listed.event, filters: queryFilters(listed.filters) }] },
        measure: { type: of === 'views' ? 'unique' : 'total' },
      },
    ],
    filters: queryFilters(state.filters),
    breakdowns: [{ property }],
    segmentsMax,
  };
}

/** The page filtered by a row as well, unless that is no value a filter can name (UX-W3). */
export function withRow(
  { filters }: WebState,
  property: PropertyRef,
  segment: Parameters<typeof segmentFilter>[1],
): Partial<WebState> {
  const filter = segmentFilter(property, segment, true);
  if (filter === null) return {};
  const others = filters.filter((each) => !isAbout(each, property));
  return { filters: [...others, filter] };
}

function isAbout({ property }: FilterState, other: PropertyRef): boolean {
  return property.scope === other.scope && property.name === other.name;
}

/** The state of an Insights report with the same number (UX-W4); null where Insights cannot ask for it. */
export function insightsOf(state: WebState, event: string, what: Figure | ListedBy): object | null {
  const base = { range: state.range, unit: null, filters: state.filters };
  if (typeof what === 'object') {
    const metric = {
      ...listedEvent(what.of, event),
      measure: { type: what.of === 'views' ? 'unique' : 'total' },
    };
    return { ...base, metrics: [metric], breakdown: what.property, chart: 'bar' };
  }
  const measures = {
    users: { event, measure: { type: 'unique' } },
    sessions: { event, measure: { type: 'sessions' } },
    views: { event, measure: { type: 'total' } },
    duration: {
      event: sessionEnd,
      measure: { type: 'median', property: { scope: 'event', name: '$duration_s' } },
    },
    viewsPerSession: null,
    bounce: null,
  } as const;
  const metric = measures[what];
  if (metric === null) return null;
  return { ...base, metrics: [{ ...metric, filters: [] }], breakdown: null, chart: 'line' };
}
