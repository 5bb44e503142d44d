import type { LiveEntry, LiveFilter } from '@arbor/schema/live';
import type { PropertyValue } from '@arbor/schema/property-value';
import { identifierLabel, isAnonymousId } from '#format/identifier.ts';
import { propertyLabel } from '#format/property-name.ts';
import { ownProperties, valueText } from '#format/property-value.ts';

/** Kept on the screen (UX-L8). */
export const entriesMax = 1000;

export const entryKinds = ['event', 'person', 'alias', 'rejected'] as const;
export type EntryKind = (typeof entryKinds)[number];

export const kindLabels: Readonly<Record<EntryKind, string>> = {
  event: 'Events',
  person: 'Users',
  alias: 'Identity',
  rejected: 'Rejected',
};

/**
 * New entries on top of the ones there, newest first. The stream repeats entries after a reconnect:
 * an id that is there already is dropped.
 */
export function withNewest(
  entries: readonly LiveEntry[],
  arrived: readonly LiveEntry[],
): readonly LiveEntry[] {
  const known = new Set(entries.map(({ id }) => id));
  const fresh: LiveEntry[] = [];
  for (const entry of arrived) {
    if (known.has(entry.id)) continue;
    known.add(entry.id);
    fresh.unshift(entry);
  }
  return fresh.length === 0 ? entries : [...fresh, ...entries].slice(0, entriesMax);
}

/** What one line shows of an entry. */
export type EntryRow = {
  readonly title: string;
  readonly user: string;
  readonly place: string;
  readonly device: string;
  readonly library: string;
  /** Up to three properties of the customer's own, or the reason of a refusal. */
  readonly detail: string;
};

const detailPropertiesMax = 3;

export function entryRow(entry: LiveEntry): EntryRow {
  const blank = { user: '', place: '', device: '', library: '', detail: '' };
  switch (entry.kind) {
    case 'event':
      return {
        title: entry.event,
        user: userName(entry.distinctId, entry.user),
        place: join(entry.properties['$city'], entry.properties['mp_country_code']),
        device: join(
          entry.properties['$browser'] ?? entry.properties['$model'],
          entry.properties['$os'],
        ),
        library: valueText(entry.properties['mp_lib'] ?? ''),
        detail: ownProperties(entry.properties)
          .slice(0, detailPropertiesMax)
          .map(([name, value]) => `${name}: ${valueText(value)}`)
          .join('  '),
      };
    case 'person':
      return {
        ...blank,
        title: 'User updated',
        user: userName(entry.distinctId, entry.user),
        detail: describeOperations(entry.operations),
      };
    case 'alias':
      return {
        ...blank,
        title: entry.refused === undefined ? 'Identity joined' : 'Identity not joined',
        user: userName(entry.user, entry.alias),
        detail: entry.refused ?? describeJoin(entry.alias, entry.user),
      };
    case 'rejected':
      return {
        ...blank,
        title: 'Rejected',
        detail: entry.field === undefined ? entry.reason : `${entry.field}: ${entry.reason}`,
      };
  }
}

/**
 * The identifier that tells a person most: a user's canonical id is the one seen first, which is often
 * that of a device. The panel shows both as they are.
 */
function userName(sent: string, other: string): string {
  const known = [sent, other].find((id) => id !== '' && !isAnonymousId(id));
  return known ?? identifierLabel(sent === '' ? other : sent);
}

/** "Anonymous 2b95c6b7 is now ada@example.com", whichever of the two was seen first (UX-L10). */
function describeJoin(alias: string, user: string): string {
  const [before, after] = isAnonymousId(user) ? [user, alias] : [alias, user];
  return `${identifierLabel(before)} is now ${identifierLabel(after)}`;
}

function describeOperations(operations: Readonly<Record<string, unknown>>): string {
  return Object.entries(operations)
    .map(([operator, values]) => {
      const names = typeof values === 'object' && values !== null ? Object.keys(values) : [];
      return [operator, names.join(', ')].filter((part) => part !== '').join(' ');
    })
    .join('  ');
}

function join(...values: readonly (PropertyValue | undefined)[]): string {
  return values
    .filter((value) => value !== undefined && value !== null && value !== '')
    .map((value) => valueText(value ?? ''))
    .join(', ');
}

export type DetailLine = { readonly name: string; readonly label: string; readonly value: unknown };

/** Everything an entry carries, by name: the customer's own first. */
export function detailLines(entry: LiveEntry): readonly DetailLine[] {
  if (entry.kind === 'event') {
    const own = ownProperties(entry.properties).map(([name]) => name);
    const rest = Object.keys(entry.properties).filter((name) => !own.includes(name));
    return [...own.toSorted(), ...rest.toSorted()].map((name) => ({
      name,
      label: propertyLabel(name),
      value: entry.properties[name],
    }));
  }
  if (entry.kind === 'person') {
    return Object.entries(entry.operations).map(([name, value]) => ({ name, label: name, value }));
  }
  return [];
}

/** When it happened; a refused record may have no time of its own. */
export function entryTime(entry: LiveEntry): number {
  return entry.kind === 'rejected' ? entry.receivedAt : entry.time;
}

/** "14:03:22.123" today, with the day before it otherwise, in the project's zone. */
export function timeText(instantMs: number, timezone: string, nowMs: number): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(instantMs);
  return day.format(instantMs) === day.format(nowMs) ? time : `${day.format(instantMs)} ${time}`;
}

/** What the server is asked for: nothing chosen is everything. */
export function liveFilter(state: {
  readonly kind: EntryKind | 'all';
  readonly event: string | null;
  readonly user: string;
}): LiveFilter {
  return {
    ...(state.kind === 'all' ? {} : { kinds: [state.kind] }),
    ...(state.event === null ? {} : { event: state.event }),
    ...(state.user === '' ? {} : { user: state.user }),
  };
}
