import fs from 'node:fs';
import path from 'node:path';
import type { PropertyValue } from '@arbor/schema/property-value';
import { encodeSegment } from '../../src/format/segment/encode-segment.ts';
import { dayMs, type SegmentRows } from '../../src/format/segment/segment-rows.ts';
import { profileProperty } from '../../src/query/exec/shard-view.ts';
import type { PropertyColumn } from '../../src/query/exec/shard-view.ts';
import type { DayPart, ProjectSnapshot } from '../../src/query/scan/project-snapshot.ts';
import { type ObjectRow, segmentRowsOf } from '../../src/store/merge/testing/object-rows.ts';
import { PropertyDictionary } from '../../src/store/property-dictionary.ts';
import { shardOf } from './build-views.ts';
import { groupsOf } from './group-columns.ts';
import type { World } from './world.ts';

/** How a world is laid out; each number decides something by its bits, so that random ones try everything. */
export interface Layout {
  /** Parts that the batches of a day are spread over. */
  readonly parts: number;
  /** Bit p: part p lies in memory, not in a file. */
  readonly inMemory: number;
  /** Every so many events there is an earlier copy of one in another part, with other properties; 0 = none. */
  readonly copyEvery: number;
  /** Every so many events one was counted under another user, who was merged since; 0 = none. */
  readonly mergedEvery: number;
  /** Every so many events there is one that is hidden; 0 = none. */
  readonly hiddenEvery: number;
}

export interface SnapshotPlace {
  /** Where files of segments are put. */
  readonly folder: string;
  /** Part of the ids of parts: what has equal ids must have equal contents. */
  readonly name: string;
  /** Absent = 0. */
  readonly shard?: number;
}

interface PlacedRow extends ObjectRow {
  readonly part: number;
  readonly isHidden: boolean;
}

/** A world as the store would hand it out: spread over files and memory, with copies and merged users in it. */
export function worldSnapshot(world: World, layout: Layout, place: SnapshotPlace): ProjectSnapshot {
  const { ids, count } = userIds(world, layout);
  const rows = placedRows(world, { ids, count }, layout);
  const losers = ids.map((_, ordinal) => ordinal).filter((ordinal) => ordinal > count);
  const days = [...new Set(rows.map(({ day }) => day))].sort((left, right) => left - right);
  return {
    project: 1,
    shard: place.shard ?? 0,
    users: sharedIds(ids),
    redirects: {
      losers: Uint32Array.from(losers),
      winners: Uint32Array.from(losers, (loser) => loser - count),
      ranks: Uint32Array.from(losers, () => 1),
    },
    days: days.map((day) => ({
      day,
      parts: Array.from({ length: layout.parts }, (_, part) =>
        rows.filter((row) => row.day === day && row.part === part),
      ).flatMap((own, part) =>
        own.length === 0 ? [] : [dayPart(own, ids, { ...place, day, part, layout })],
      ),
    })),
    personProperty: personColumns(world, ids),
    ...(world.groups && { groups: groupsOf(world) }),
  };
}

/** The same of a world over several shards, users whole; profiles of groups are on each. */
export function worldShards(
  world: World,
  shardCount: number,
  layout: Layout,
  place: SnapshotPlace,
): ProjectSnapshot[] {
  return Array.from({ length: shardCount }, (_, shard) => {
    const isHere = (user: string): boolean => shardOf(user, shardCount) === shard;
    const own = {
      ...world,
      events: world.events.filter(({ user }) => isHere(user)),
      people: Object.fromEntries(Object.entries(world.people).filter(([user]) => isHere(user))),
    };
    return worldSnapshot(own, layout, { ...place, name: `${place.name} ${shard}`, shard });
  });
}

/** The users and, where some are to be merged, after them as many who were merged into them. */
function userIds({ events, people }: World, { mergedEvery }: Layout) {
  const users = new Set([...Object.keys(people), ...events.map(({ user }) => user)]);
  users.delete('');
  const merged = mergedEvery === 0 ? [] : Array.from(users, (user) => `${user} before`);
  return { ids: ['', ...users, ...merged], count: users.size };
}

function placedRows(
  { events }: World,
  { ids, count }: ReturnType<typeof userIds>,
  layout: Layout,
): PlacedRow[] {
  const every = (step: number, i: number): boolean => step > 0 && i % step === step - 1;
  return events.flatMap(({ user, event, time, properties }, i): PlacedRow[] => {
    const ordinal = ids.indexOf(user);
    const wasOther = ordinal !== 0 && every(layout.mergedEvery, i);
    const batch = Math.floor(i / 2);
    const day = Math.floor(time / dayMs);
    const row = {
      event,
      user: wasOther ? ordinal + count : ordinal,
      day,
      time: time - day * dayMs,
      sentTime: time,
      sentId: user,
      insertId: `${i}`,
      sequence: 1000 + batch,
      arrival: i,
      properties,
      part: (batch * 7) % layout.parts,
      isHidden: false,
    };
    const other = { properties: { p: 'wrong', n: 1e6 }, part: (row.part + 1) % layout.parts };
    const copy = { ...row, ...other, sequence: batch };
    const hidden = { ...row, ...other, insertId: `hidden ${i}`, isHidden: true };
    return [
      row,
      ...(every(layout.copyEvery, i) ? [copy] : []),
      ...(every(layout.hiddenEvery, i) ? [hidden] : []),
    ];
  });
}

interface PartPlace extends SnapshotPlace {
  readonly day: number;
  readonly part: number;
  readonly layout: Layout;
}

function dayPart(
  own: readonly PlacedRow[],
  ids: readonly string[],
  { folder, name, shard = 0, day, part, layout }: PartPlace,
): DayPart {
  const rows = segmentRowsOf(own, (ordinal) => ids[ordinal]);
  const texts = Array.from({ length: rows.rowCount }, (_, row) => insertIdOf(rows, row));
  const hiddenRows = Uint32Array.from(
    texts.flatMap((text, row) => (text.startsWith('hidden') ? [row] : [])),
  );
  const id = `${name} ${day} ${part}`;
  const events = rows.events.map((event, index) => {
    const users = rows.users.subarray(rows.eventStarts[index], rows.eventStarts[index + 1]);
    return { name: event, rowCount: users.length, userCount: new Set(users).size };
  });
  const propertyNames = (): string[] => rows.properties.map(({ name }) => name);
  const common = { id, rowCount: rows.rowCount, hiddenRows, events, propertyNames };
  if (((layout.inMemory >> part) & 1) === 1) {
    return { type: 'memory', ...common, rows: (wanted) => withProperties(rows, wanted) };
  }
  const file = path.join(folder, `${id}.segment`);
  fs.writeFileSync(file, encodeSegment(rows, { project: 1, shard, day }));
  return { type: 'segment', ...common, path: file };
}

function withProperties(rows: SegmentRows, wanted: ReadonlySet<string> | 'all'): SegmentRows {
  if (wanted === 'all') return rows;
  return { ...rows, properties: rows.properties.filter(({ name }) => wanted.has(name)) };
}

function insertIdOf({ insertIds: { bytes, ends } }: SegmentRows, row: number): string {
  return Buffer.from(bytes.subarray(row === 0 ? 0 : ends[row - 1], ends[row])).toString();
}

function sharedIds(ids: readonly string[]): ProjectSnapshot['users'] {
  const texts = ids.map((id) => Buffer.from(id));
  const all = Buffer.concat(texts);
  const bytes = new Uint8Array(new SharedArrayBuffer(all.length));
  bytes.set(all);
  let end = 0;
  const ends = new Uint32Array(new SharedArrayBuffer(ids.length * 4));
  texts.forEach((text, ordinal) => (ends[ordinal] = end += text.length));
  return { count: ids.length - 1, bytes, ends };
}

function personColumns({ people }: World, ids: readonly string[]) {
  const columns = new Map<string, PropertyColumn | undefined>();
  return (name: string): PropertyColumn | undefined => {
    if (!columns.has(name)) columns.set(name, personColumn(name, people, ids));
    return columns.get(name);
  };
}

function personColumn(
  name: string,
  people: World['people'],
  ids: readonly string[],
): PropertyColumn | undefined {
  const dictionary = new PropertyDictionary();
  const codes = new Uint32Array(new SharedArrayBuffer(ids.length * 4));
  ids.forEach((id, ordinal) => {
    const profile = people[id] ?? {};
    const isProfile = name === profileProperty && Object.hasOwn(people, id);
    const value: PropertyValue | undefined = Object.hasOwn(profile, name)
      ? profile[name]
      : isProfile || undefined;
    if (value !== undefined) codes[ordinal] = dictionary.codeOf(value);
  });
  return dictionary.values.length === 1 ? undefined : { codes, values: dictionary.values };
}
