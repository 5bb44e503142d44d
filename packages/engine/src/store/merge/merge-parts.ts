import type { SegmentProperty, SegmentRows } from '../../format/segment/segment-rows.ts';
import { PropertyDictionary } from '../property-dictionary.ts';
import { ArrivalScale } from './arrival-scale.ts';
import { type DaySources, MergedEnvelope } from './merged-envelope.ts';
import { denseTieRanks } from './dense-tie-ranks.ts';
import { eventPartOf, type EventPart, type MergedRows, type MergeUsers } from './event-part.ts';
import { findHiddenOddRows } from './hidden-odd-rows.ts';
import { mergeEventParts } from './merge-event-parts.ts';
import { isTouched } from './redirected-runs.ts';

/**
 * One `SegmentRows` out of several of the same day, oldest generation first: what compaction writes in
 * their place. Each event once, merged users made physical (the distinct id stays as it was sent). The
 * result is a function of the rows alone: merging twice, or neighbours first, gives the same.
 */
export function mergeParts(
  parts: readonly SegmentRows[],
  options: {
    readonly day: number;
    readonly users: MergeUsers;
    /** By part the rows that are left out because a later copy lies on another day. Absent = none. */
    readonly hiddenRows?: readonly Uint32Array[];
  },
): SegmentRows {
  const { users } = options;
  const hidden = hiddenRowsOf(parts, options).map((rows, p) =>
    union(rows, options.hiddenRows?.[p]),
  );
  const hasMoved = parts.some((part) => isTouchedAnywhere(part, users));
  const scale = new ArrivalScale(parts.map(arrivalPartOf), hasMoved);
  const names = [...new Set(parts.flatMap(({ events }) => events))].sort();
  const events = names.map((name) => {
    const own = parts.map((part, p) => partOfEvent(part, name, hidden[p]));
    return { name, merged: mergeEventParts(own, scale, users) };
  });
  return assemble(
    parts,
    events.filter(({ merged }) => merged.rowCount > 0),
    users,
  );
}

interface NamedRows {
  readonly name: string;
  readonly merged: MergedRows;
}

function assemble(
  parts: readonly SegmentRows[],
  events: readonly NamedRows[],
  users: MergeUsers,
): SegmentRows {
  const eventStarts = new Uint32Array(events.length + 1);
  for (const [i, { merged }] of events.entries()) {
    eventStarts[i + 1] = eventStarts[i] + merged.rowCount;
  }
  const rowCount = eventStarts[events.length];
  const rows = layOut(events, eventStarts, rowCount);
  const sources = daySources(parts, events, eventStarts);
  const envelope = new MergedEnvelope(parts, sources, users);
  return {
    rowCount,
    events: events.map(({ name }) => name),
    eventStarts,
    users: rows.users,
    times: rows.times,
    tieRanks: denseTieRanks(rows),
    ...envelope.batches(),
    sentTimes: envelope.sentTimes(),
    ...envelope.sentIds(rows.users),
    insertIds: envelope.insertIds(),
    properties: properties(parts, sources),
  };
}

function arrivalPartOf({ batchSequences, tieRanks }: SegmentRows) {
  return {
    batchSequences,
    tieRankMax: tieRanks?.reduce((max, rank) => Math.max(max, rank), 0) ?? 0,
  };
}

function isTouchedAnywhere(part: SegmentRows, { redirects }: MergeUsers): boolean {
  if (redirects.losers.length === 0) return false;
  return part.events.some((_, event) => isTouched(eventPartOf(part, event).users, redirects));
}

function partOfEvent(
  part: SegmentRows,
  name: string,
  hidden: Uint32Array<ArrayBufferLike>,
): EventPart | null {
  const event = part.events.indexOf(name);
  return event < 0 ? null : eventPartOf(part, event, hidden);
}

/** Copies that meet on this day at different times; those on other days are hidden by whoever makes a snapshot. */
function hiddenRowsOf(
  parts: readonly SegmentRows[],
  { day, users }: { readonly day: number; readonly users: MergeUsers },
): Uint32Array[] {
  const searched = parts.map((part) => ({
    day,
    oddRowCount: part.sentTimes.size,
    events: part.events.map((name, event) => ({
      name,
      rowCount: part.eventStarts[event + 1] - part.eventStarts[event],
    })),
    event: (event: number) => eventPartOf(part, event),
  }));
  return findHiddenOddRows(searched, users);
}

function union(rows: Uint32Array, more: Uint32Array | undefined): Uint32Array {
  if (more === undefined || more.length === 0) return rows;
  return Uint32Array.from(new Set([...rows, ...more])).sort();
}

function layOut(events: readonly NamedRows[], eventStarts: Uint32Array, rowCount: number) {
  const users = new Uint32Array(rowCount);
  const times = new Uint32Array(rowCount);
  const ranks = new Uint32Array(rowCount);
  for (const [event, { merged }] of events.entries()) {
    const start = eventStarts[event];
    times.set(merged.times, start);
    if (merged.tieRanks !== null) ranks.set(merged.tieRanks, start);
    for (let run = 0; run < merged.users.length; run++) {
      users.fill(merged.users[run], start + merged.starts[run], start + merged.starts[run + 1]);
    }
  }
  return { users, times, ranks };
}

function daySources(
  parts: readonly SegmentRows[],
  events: readonly NamedRows[],
  eventStarts: Uint32Array,
): DaySources {
  const rowCount = eventStarts[events.length];
  const sources = { parts: new Uint16Array(rowCount), rows: new Uint32Array(rowCount) };
  for (const [event, { name, merged }] of events.entries()) {
    const firstRows = parts.map((part) => part.eventStarts[part.events.indexOf(name)]);
    const start = eventStarts[event];
    const from = merged.sources;
    for (let row = 0; row < merged.rowCount; row++) {
      const part = from.type === 'part' ? from.part : from.parts[row];
      sources.parts[start + row] = part;
      sources.rows[start + row] = firstRows[part] + (from.type === 'part' ? row : from.rows[row]);
    }
  }
  return sources;
}

function properties(parts: readonly SegmentRows[], sources: DaySources): SegmentProperty[] {
  const names = new Set(parts.flatMap((part) => part.properties.map(({ name }) => name)));
  const merged = [...names].sort().map((name) => property(name, parts, sources));
  return merged.filter(({ values }) => values.length > 1);
}

/** Codes in the order in which values first occur, so that values of dropped rows get none. */
function property(
  name: string,
  parts: readonly SegmentRows[],
  sources: DaySources,
): SegmentProperty {
  const own = parts.map((part) => part.properties.find((one) => one.name === name));
  const targets = own.map((one) => new Uint32Array(one?.values.length ?? 0));
  const dictionary = new PropertyDictionary();
  const codes = new Uint32Array(sources.rows.length);
  for (let row = 0; row < codes.length; row++) {
    const part = sources.parts[row];
    const source = own[part];
    if (source === undefined) continue;
    const code = source.codes[sources.rows[row]];
    if (code === 0) continue;
    const target = targets[part];
    if (target[code] === 0) target[code] = dictionary.codeOf(source.values[code]);
    codes[row] = target[code];
  }
  return { name, codes, values: dictionary.values };
}
