import type { PropertyValue } from '@arbor/schema/property-value';
import { fileSource } from '../../src/format/segment/byte-source.ts';
import { SegmentFile } from '../../src/format/segment/segment-file.ts';
import { dayMs, type SegmentRows } from '../../src/format/segment/segment-rows.ts';
import type { PropertyColumn, ShardView } from '../../src/query/exec/shard-view.ts';
import type { DayPart, ProjectSnapshot } from '../../src/query/scan/project-snapshot.ts';
import { PropertyDictionary } from '../../src/store/property-dictionary.ts';
import type { ShardStore } from '../../src/store/shard-store.ts';

/** What a store says of a project. */
export function viewOf(store: ShardStore, project = 1): ShardView {
  return snapshotView(store.snapshot(project));
}

interface Row {
  readonly user: number;
  readonly time: number;
  readonly event: string;
  /** Equal for copies of one event. */
  readonly key: string;
  readonly arrival: readonly [sequence: number, part: number, userRank: number, tieRank: number];
  readonly properties: ReadonlyMap<string, PropertyValue>;
}

/**
 * What a snapshot says, as a view, by an object a row and none of the code that queries merge parts with:
 * merged users folded, hidden rows left out, of copies the last to arrive.
 */
export function snapshotView(snapshot: ProjectSnapshot): ShardView {
  const { redirects, users } = snapshot;
  const userIds = Array.from({ length: users.count + 1 }, (_, ordinal) => idOf(snapshot, ordinal));
  const winners = new Map(
    Array.from(redirects.losers, (loser, i) => [loser, redirects.winners[i]]),
  );
  const rows = visibleRows(snapshot, userIds, winners);
  for (const loser of redirects.losers) userIds[loser] = '';
  const names = [...new Set(rows.map(({ event }) => event))];
  const rowUsers = Uint32Array.from(rows, ({ user }) => user);
  return {
    rowCount: rows.length,
    times: Float64Array.from(rows, ({ time }) => time),
    users: rowUsers,
    events: Uint32Array.from(rows, ({ event }) => names.indexOf(event)),
    eventNames: names,
    userCount: users.count,
    userIds,
    eventProperty: (name) => {
      if (name === '$distinct_id') return { codes: rowUsers, values: userIds };
      if (name === '$event_name') return columnOf(rows.map(({ event }) => event));
      return columnOf(rows.map(({ properties }) => properties.get(name)));
    },
    personProperty: (name) => {
      if (name === '$distinct_id')
        return columnOf(userIds.map((id) => (id === '' ? undefined : id)));
      return snapshot.personProperty(name);
    },
  };
}

function visibleRows(
  snapshot: ProjectSnapshot,
  userIds: readonly string[],
  winners: ReadonlyMap<number, number>,
): Row[] {
  const latest = new Map<string, Row>();
  for (const { day, parts } of snapshot.days) {
    for (const [p, part] of parts.entries()) {
      for (const row of rowsOf(partRows(part), { day, part: p, userIds })) {
        if (part.hiddenRows.includes(row.place)) continue;
        const user = winners.get(row.user) ?? row.user;
        const [sequence, , , tieRank] = row.arrival;
        const arrival = [sequence, p, userRank(row.user, winners, userIds), tieRank] as const;
        const key = JSON.stringify([user, row.time, row.key]);
        const other = latest.get(key);
        if (!other || compareArrival(other, { ...row, arrival }) < 0)
          latest.set(key, { ...row, user, arrival });
      }
    }
  }
  return [...latest.values()].sort(
    (row, other) => row.user - other.user || row.time - other.time || compareArrival(row, other),
  );
}

/** In a batch the rows of the user who remained come first, then those of each who was merged into him, by id. */
function userRank(
  user: number,
  winners: ReadonlyMap<number, number>,
  userIds: readonly string[],
): number {
  const winner = winners.get(user);
  if (winner === undefined) return 0;
  const losers = [...winners.keys()].filter((loser) => winners.get(loser) === winner);
  return 1 + losers.filter((loser) => userIds[loser] < userIds[user]).length;
}

function compareArrival({ arrival }: Row, { arrival: other }: Row): number {
  return (
    arrival[0] - other[0] || arrival[1] - other[1] || arrival[2] - other[2] || arrival[3] - other[3]
  );
}

/** All rows of a part, wherever it lies. */
export function partRows(part: DayPart): SegmentRows {
  if (part.type === 'memory') return part.rows('all');
  const file = SegmentFile.open(fileSource(part.path));
  try {
    return file.rows();
  } finally {
    file.close();
  }
}

function rowsOf(
  rows: SegmentRows,
  context: { readonly day: number; readonly part: number; readonly userIds: readonly string[] },
): (Row & { readonly place: number })[] {
  return Array.from({ length: rows.rowCount }, (_, place) => {
    const code = rows.eventStarts.findLastIndex((start) => start <= place);
    const event = rows.events[code];
    const time = context.day * dayMs + rows.times[place];
    const user = rows.users[place];
    const sentId = rows.sentIds[place];
    const { bytes, ends } = rows.insertIds;
    const insertId = Buffer.from(bytes.subarray(place === 0 ? 0 : ends[place - 1], ends[place]));
    const key = [
      event,
      rows.sentTimes.get(place) ?? time,
      sentId === 0 ? context.userIds[user] : rows.sentIdTexts[sentId],
      insertId.toString(),
    ];
    const sequence = rows.batchSequences[rows.batches[place]];
    const properties = rows.properties.flatMap(({ name, codes, values }) =>
      codes[place] === 0 ? [] : [[name, values[codes[place]]] as const],
    );
    return {
      place,
      user,
      time,
      event,
      key: JSON.stringify(key),
      arrival: [sequence, context.part, 0, rows.tieRanks?.[place] ?? 0],
      properties: new Map(properties),
    };
  });
}

function idOf({ users: { bytes, ends } }: ProjectSnapshot, ordinal: number): string {
  if (ordinal === 0) return '';
  return Buffer.from(bytes.subarray(ends[ordinal - 1], ends[ordinal])).toString();
}

function columnOf(values: readonly (PropertyValue | undefined)[]): PropertyColumn | undefined {
  const dictionary = new PropertyDictionary();
  const codes = Uint32Array.from(values, (value) =>
    value === undefined ? 0 : dictionary.codeOf(value),
  );
  return dictionary.values.length === 1 ? undefined : { codes, values: dictionary.values };
}
