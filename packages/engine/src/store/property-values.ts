import type { PropertyValueCount } from '@arbor/schema/catalog';
import type { LqsNamesRequest } from '@arbor/schema/lqs';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { Slices } from '../base/slices.ts';
import type { SegmentFile } from '../format/segment/segment-file.ts';
import type { MemoryPart, ProjectSnapshot, UserIds } from '../query/scan/project-snapshot.ts';
import { byCountThenName, eventNames } from './event-names.ts';
import { groupProfiles } from './groups/group-profiles.ts';
import type { ProjectTable } from './project-table.ts';
import { readSegment } from './read-segment.ts';

type Request = NonNullable<LqsNamesRequest['values']>;

/** Names under which the envelope of an event can be asked for like a property (ingestion-api.md 9.2). */
const eventNameProperty = '$event_name';
const distinctIdProperty = '$distinct_id';

/** Values of event properties are looked for on this many of the last days that have events. */
const daysSearched = 30;

/**
 * The most frequent values of one property that contain a text. A list counts once for each of its distinct
 * items, as in a breakdown (reports.md 3.6). Of events those of the last `daysSearched` days count.
 */
export async function propertyValues(
  tables: Tables,
  request: Request,
  slices: Slices,
): Promise<PropertyValueCount[]> {
  const counts = await countsByText(tables, request, slices);
  const search = request.search.toLowerCase();
  return [...counts]
    .filter(([text]) => text.toLowerCase().includes(search))
    .map(([name, count]) => ({ name, count }))
    .sort(byCountThenName)
    .slice(0, request.max)
    .map(({ name, count }) => ({ text: name, count }));
}

interface Tables {
  readonly table: ProjectTable;
  /** That of the project's groups. */
  readonly groups: ProjectTable | undefined;
}

async function countsByText(
  { table, groups }: Tables,
  { scope, name, groupKey = '' }: Request,
  slices: Slices,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const snapshot = table.snapshot();
  if (scope === 'person') {
    if (name === distinctIdProperty) return idsOfPeople(snapshot);
    const column = snapshot.personProperty(name);
    if (column) addCodes(counts, column.codes, column.values);
  } else if (scope === 'group') {
    const column = groups && groupProfiles(groups).property(groupKey, name);
    const { keys = [], values = [] } = column ?? {};
    addCodes(
      counts,
      Uint32Array.from(keys, (_, i) => i + 1),
      [null, ...values],
    );
  } else if (name === eventNameProperty) {
    for (const event of eventNames(table)) counts.set(event.name, event.count);
  } else {
    await addEvents(counts, snapshot, name, slices);
  }
  return counts;
}

async function addEvents(
  counts: Map<string, number>,
  snapshot: ProjectSnapshot,
  name: string,
  slices: Slices,
): Promise<void> {
  const byUser = new Uint32Array(snapshot.users.count + 1);
  for (const { day, parts } of snapshot.days.slice(-daysSearched)) {
    const { project, shard } = snapshot;
    for (const part of parts) {
      if (part.type === 'memory') addMemory(counts, byUser, part, name);
      else {
        readSegment(part.path, { project, shard, day }, (file) => {
          if (name === distinctIdProperty) addSegmentUsers(byUser, file);
          else addSegment(counts, file, name);
        });
      }
      await slices.pause();
    }
  }
  if (name === distinctIdProperty) addUsers(counts, byUser, snapshot);
}

function addMemory(
  counts: Map<string, number>,
  byUser: Uint32Array,
  part: MemoryPart,
  name: string,
): void {
  const { users, properties } = part.rows(new Set([name]));
  if (name === distinctIdProperty) {
    for (let row = 0; row < users.length; row++) byUser[users[row]]++;
    for (const row of part.hiddenRows) byUser[users[row]]--;
    return;
  }
  for (const { codes, values } of properties) addCodes(counts, codes, values, part.hiddenRows);
}

function addSegment(counts: Map<string, number>, file: SegmentFile, name: string): void {
  const values = file.dictionary(name);
  for (let event = 0; event < file.events.length; event++) {
    const codes = file.column(event, name);
    if (codes) addCodes(counts, codes, values);
  }
}

function addSegmentUsers(byUser: Uint32Array, file: SegmentFile): void {
  for (let event = 0; event < file.events.length; event++) {
    const { users, starts } = file.userRuns(event);
    for (let run = 0; run < users.length; run++) {
      byUser[users[run]] += starts[run + 1] - starts[run];
    }
  }
}

function addCodes(
  counts: Map<string, number>,
  codes: Uint8Array | Uint16Array | Uint32Array,
  values: readonly PropertyValue[],
  hiddenRows?: Uint32Array,
): void {
  const byCode = new Uint32Array(values.length);
  for (let i = 0; i < codes.length; i++) byCode[codes[i]]++;
  for (const row of hiddenRows ?? []) byCode[codes[row]]--;
  for (let code = 1; code < byCode.length; code++) {
    if (byCode[code] === 0) continue;
    for (const text of valueTexts(values[code])) {
      counts.set(text, (counts.get(text) ?? 0) + byCode[code]);
    }
  }
}

/** Rows by canonical id; those of nobody are "". */
function addUsers(
  counts: Map<string, number>,
  byUser: Uint32Array,
  { users, redirects: { losers, winners } }: ProjectSnapshot,
): void {
  for (let i = 0; i < losers.length; i++) {
    byUser[winners[i]] += byUser[losers[i]];
    byUser[losers[i]] = 0;
  }
  for (let ordinal = 1; ordinal < byUser.length; ordinal++) {
    if (byUser[ordinal] > 0) counts.set(idText(users, ordinal), byUser[ordinal]);
  }
}

function idsOfPeople({ users, redirects }: ProjectSnapshot): Map<string, number> {
  const merged = new Set(redirects.losers);
  const counts = new Map<string, number>();
  for (let ordinal = 1; ordinal <= users.count; ordinal++) {
    if (!merged.has(ordinal)) counts.set(idText(users, ordinal), 1);
  }
  return counts;
}

function idText({ bytes, ends }: UserIds, ordinal: number): string {
  return Buffer.from(bytes.subarray(ends[ordinal - 1], ends[ordinal])).toString();
}

/** What a picker offers for a value: nothing for null, which filters name "is not set". */
function valueTexts(value: PropertyValue): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return [...new Set(value.flatMap(valueTexts))];
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}
