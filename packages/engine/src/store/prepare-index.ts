import { inSlices, type Slices } from '../base/slices.ts';
import {
  batchDigest,
  digestBytes,
  encodeCoveredFile,
  updateDigest,
} from '../format/covered-file.ts';
import { ledgerOf, markOf } from '../format/covered-ledger.ts';
import type { KeptProperty } from '../format/kept-profile.ts';
import { encodePeopleSteps } from '../format/people-file.ts';
import type { SegmentRows } from '../format/segment/segment-rows.ts';
import { encodeUsersFile, type OrdinalLink } from '../format/users-file.ts';
import { MemoryRows } from './memory-rows.ts';
import { isGroupProject } from './groups/group-project.ts';
import { keptProfiles, peoplePiece } from './people/people-piece.ts';
import type { FailedUpdate } from './people/people-table.ts';
import type { Profile } from './people/profile.ts';
import type { ProjectTable } from './project-table.ts';
import { segmentMeta } from './segment-meta.ts';
import type { DayIndexJob, HiddenInSegment, IndexJob, ProjectIndexJob } from './shard-catalog.ts';
import type { ShardMemory } from './shard-memory.ts';
import { sortSteps } from './sort-rows.ts';

/** What a table held at one moment, without what is costly to make of it. */
interface FrozenTable {
  readonly table: ProjectTable;
  readonly userCount: number;
  readonly links: readonly OrdinalLink[];
  /** Visible rows, in any order. */
  readonly days: readonly { readonly day: number; readonly rows: Uint32Array }[];
  readonly profiles: ReadonlyMap<number, Profile | undefined>;
  readonly kept: ReadonlyMap<number, readonly KeptProperty[]>;
  /** Rows of segments that have a later copy among `days`. */
  readonly hides: readonly HiddenInSegment[];
  readonly updateKeys: readonly { readonly distinctId: string; readonly insertId: string }[];
  readonly failedUpdates: readonly FailedUpdate[];
}

export interface FrozenMemory {
  readonly memory: ShardMemory;
  readonly batchCount: number;
  readonly tables: readonly FrozenTable[];
}

/** All that is in memory now, at once: what comes later, or hides a row later, does not change it. */
export function freeze(memory: ShardMemory): FrozenMemory {
  return {
    memory,
    batchCount: memory.registry.count,
    tables: memory.filledTables().map(freezeTable),
  };
}

function freezeTable(table: ProjectTable): FrozenTable {
  const { events, links, people, users } = table;
  const hides = Array.from(table.copies(), ([segment, rows]): HiddenInSegment => {
    return { segment, rows: [...rows].sort((a, b) => a - b) };
  });
  return {
    hides,
    table,
    userCount: users.count,
    links: links.newLinks(),
    days: events.days.list().map(({ day, rows }) => {
      return { day, rows: rows.array.slice(0, rows.length).filter((row) => !events.isHidden(row)) };
    }),
    profiles: people.changed(),
    kept: people.kept(),
    updateKeys: people.keys(),
    failedUpdates: isGroupProject(table.project) ? [] : people.failed(),
  };
}

/** The index job of what was frozen, made in slices. */
export async function indexJobOf(
  frozen: FrozenMemory,
  options: { readonly shard: number; readonly coveredAt: number; readonly slices: Slices },
): Promise<IndexJob> {
  const { shard, slices } = options;
  const projects: ProjectIndexJob[] = [];
  await slices.pause();
  for (const table of frozen.tables) {
    const job = await projectJob(table, shard, slices);
    const { users, people, days, failedUpdates } = job;
    if (users || people || days.length + failedUpdates.length > 0) projects.push(job);
  }
  return {
    shard,
    expectedVersion: frozen.memory.base.version,
    batchCount: frozen.batchCount,
    covered: await coveredFile(frozen, options),
    projects,
  };
}

async function projectJob(
  frozen: FrozenTable,
  shard: number,
  slices: Slices,
): Promise<ProjectIndexJob> {
  const { table } = frozen;
  const owner = { project: table.project, shard };
  const users = await usersFile(frozen, shard, slices);
  await slices.pause();
  const people = await peopleFile(frozen, owner, slices);
  const days: DayIndexJob[] = [];
  for (const { day, rows } of frozen.days) {
    if (rows.length === 0) continue;
    await slices.pause();
    const segmentRows = await dayRows(table, day, rows, slices);
    // Which of the new segments says what they hide together does not matter.
    const hides = days.length === 0 ? frozen.hides : [];
    days.push({ day, rows: segmentRows, meta: segmentMeta(segmentRows, hides) });
  }
  return { project: table.project, users, people, days, failedUpdates: frozen.failedUpdates };
}

async function peopleFile(
  { profiles, kept }: FrozenTable,
  owner: { readonly project: number; readonly shard: number },
  slices: Slices,
): Promise<Uint8Array | null> {
  if (profiles.size + kept.size === 0) return null;
  const piece = await peoplePiece(owner, profiles, slices);
  const whole = kept.size === 0 ? piece : { ...piece, kept: keptProfiles(kept) };
  return inSlices(encodePeopleSteps(whole), slices);
}

/** Some milliseconds of work. */
const usersASlice = 8192;

/** Provisional ordinals become the catalog's, in their order. */
async function usersFile(
  frozen: FrozenTable,
  shard: number,
  slices: Slices,
): Promise<Uint8Array | null> {
  const { table, userCount, links } = frozen;
  const { baseCount } = table.users;
  const withEvents = await usersWithEvents(frozen, slices);
  const withoutEvents: number[] = [];
  const ids: string[] = [];
  for (let ordinal = baseCount + 1; ordinal <= userCount; ordinal++) {
    ids.push(table.users.id(ordinal));
    if (withEvents[ordinal] === 0) withoutEvents.push(ordinal);
    if (ordinal % usersASlice === 0) await slices.pause();
  }
  const withFirstEvents: number[] = [];
  for (let ordinal = 1; ordinal <= baseCount; ordinal++) {
    if (withEvents[ordinal] === 1 && !table.base.users.hasEvents(ordinal)) {
      withFirstEvents.push(ordinal);
    }
  }
  if (ids.length + links.length + withFirstEvents.length === 0) return null;
  const owner = { project: table.project, shard };
  return encodeUsersFile({
    ...owner,
    first: baseCount + 1,
    ids,
    links,
    withoutEvents,
    withFirstEvents,
  });
}

async function usersWithEvents(
  { table, userCount, days }: FrozenTable,
  slices: Slices,
): Promise<Uint8Array> {
  const withEvents = new Uint8Array(userCount + 1);
  const users = table.events.users.array;
  for (const { rows } of days) {
    for (let i = 0; i < rows.length; i++) withEvents[users[rows[i]]] = 1;
    await slices.pause();
  }
  return withEvents;
}

/** Column by column, so that even a large day does not hold the event loop for long. */
async function dayRows(
  table: ProjectTable,
  day: number,
  rows: Uint32Array,
  slices: Slices,
): Promise<SegmentRows> {
  const order = await inSlices(sortSteps(table.events, day, rows), slices);
  await slices.pause();
  const memoryRows = new MemoryRows(table.events, day, order);
  await slices.pause();
  const all = memoryRows.segmentRows('all');
  for (const name of memoryRows.propertyNames()) {
    memoryRows.property(name);
    await slices.pause();
  }
  const { batchSequences, batches, sentTimes } = all;
  await slices.pause();
  const { sentIds, sentIdTexts } = all;
  await slices.pause();
  const { insertIds } = all;
  await slices.pause();
  const { properties } = all;
  const { rowCount, events, eventStarts, users, times, tieRanks } = all;
  return {
    rowCount,
    events,
    eventStarts,
    users,
    times,
    tieRanks,
    batchSequences,
    batches,
    sentTimes,
    sentIds,
    sentIdTexts,
    insertIds,
    properties,
  };
}

/** Digests cost a microsecond each. */
const digestsASlice = 4096;

async function coveredFile(
  frozen: FrozenMemory,
  { shard, coveredAt, slices }: { shard: number; coveredAt: number; slices: Slices },
): Promise<Uint8Array> {
  const batches = new Uint8Array(frozen.batchCount * digestBytes);
  for (let batch = 0; batch < frozen.batchCount; batch++) {
    batches.set(batchDigest(frozen.memory.registry.id(batch)), batch * digestBytes);
    if (batch % digestsASlice === 0) await slices.pause();
  }
  const keyCount = frozen.tables.reduce((sum, { updateKeys }) => sum + updateKeys.length, 0);
  const updates = new Uint8Array(keyCount * digestBytes);
  let at = 0;
  for (const { table, updateKeys } of frozen.tables) {
    for (const { distinctId, insertId } of updateKeys) {
      updates.set(updateDigest(table.project, distinctId, insertId), at);
      at += digestBytes;
      if (at % (digestsASlice * digestBytes) === 0) await slices.pause();
    }
  }
  const { registry } = frozen.memory;
  const ledger = ledgerOf(
    Array.from(registry.withPeople(frozen.batchCount), (batch) => ({
      sequence: registry.sequence(batch),
      mark: markOf(batches.subarray(batch * digestBytes)),
    })),
  );
  return encodeCoveredFile(shard, [{ shard, coveredAt, batches, updates }], ledger);
}
