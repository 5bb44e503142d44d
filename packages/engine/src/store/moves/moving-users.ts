import type { Properties } from '@arbor/schema/property-value';
import type { BatchRegistry } from '../batch-registry.ts';
import type { ProjectTable } from '../project-table.ts';
import { memoryEvents, type MemoryUser } from './memory-events.ts';
import type { MovedEvent } from './moved-event.ts';
import type { BaseProfiles, MovedLink, MovedUpdate } from './move-people.ts';

/** Users of a project who are to be brought to other shards, and where everything of theirs lies. */
export interface MovingUsers {
  /** In the order in which they were asked for. */
  readonly users: readonly MovingUser[];
  /** Of the whole project, ascending by day. */
  readonly segments: readonly MovingSegment[];
  /** What no file has yet, by day. */
  readonly memory: ReadonlyMap<number, readonly MovedEvent[]>;
  /** Rows that the memory has by now: what comes later stands behind them, until they become files. */
  readonly memoryRows: number;
}

/** Somebody who moves, by id. */
export interface MovingId {
  readonly loser: string;
  /** Rows in memory before this one are known: `memoryRows` of a time before, unless there are fewer by now. */
  readonly firstRow?: number;
}

export interface MovingUser {
  /** Id by ordinal of everybody who counts as the user here; empty = he is not known. */
  readonly ids: ReadonlyMap<number, string>;
  readonly profiles: BaseProfiles;
  /** What no file has yet of who was merged into whom among them, and of what was sent for their profiles. */
  readonly links: readonly MovedLink[];
  readonly updates: readonly MovedUpdate[];
}

export interface MovingSegment {
  readonly day: number;
  readonly path: string;
  readonly hiddenRows: Uint32Array;
}

/** At one moment: nothing of it changes later. */
export function movingUsers(
  table: ProjectTable,
  registry: BatchRegistry,
  movers: readonly MovingId[],
): MovingUsers {
  const users = movers.map(({ loser }): MovingUser => {
    const ordinals = [...table.membersOf([loser])];
    return {
      ids: new Map(ordinals.map((ordinal) => [ordinal, table.users.id(ordinal)])),
      ...peopleOf(table, registry, ordinals),
    };
  });
  const segments = table.snapshot().days.flatMap(({ day, parts }) =>
    parts.flatMap((part): MovingSegment[] => {
      if (part.type === 'memory') return [];
      return [{ day, path: part.path, hiddenRows: part.hiddenRows }];
    }),
  );
  const { rowCount } = table.events;
  const owners = new Map<number, MemoryUser>();
  for (const [i, { ids }] of users.entries()) {
    const { firstRow = 0 } = movers[i];
    const known = firstRow <= rowCount ? firstRow : 0;
    for (const [ordinal, id] of ids) owners.set(ordinal, { id, firstRow: known });
  }
  return { users, segments, memory: memoryEvents(table.events, owners), memoryRows: rowCount };
}

/**
 * The profiles of users who count as one, as the catalog has them, and everything since that made them what they are, so that
 * it can be done again elsewhere, under the ids that it was sent for.
 */
function peopleOf(
  { users, links, people }: ProjectTable,
  registry: BatchRegistry,
  ordinals: readonly number[],
): Pick<MovingUser, 'profiles' | 'links' | 'updates'> {
  const updates = people.updatesSince(ordinals);
  const profiles: Record<string, Properties> = {};
  for (const ordinal of ordinals) {
    const profile = people.baseProfile(ordinal);
    if (profile !== undefined) profiles[users.id(ordinal)] = Object.fromEntries(profile);
  }
  const merged = (loser: number, winner: number, sequence: number | null): MovedLink => {
    return { loser: users.id(loser), winner: users.id(winner), sequence };
  };
  // Files do not say when. Whom they know to be merged has nothing of his own, unless it came since.
  const before = [...new Set(updates.map(({ user }) => user))]
    .filter((user) => links.baseRepresentative(user) !== user)
    .map((user) => merged(user, links.baseRepresentative(user), null));
  const [first] = ordinals;
  const since = (first === undefined ? [] : links.links(first)).map(({ loser, winner, batch }) =>
    merged(loser, winner, registry.sequence(batch)),
  );
  return {
    profiles,
    links: [...before, ...since],
    updates: updates.map(({ user, batch, insertId, ...rest }): MovedUpdate => ({
      batchId: registry.id(batch),
      sequence: registry.sequence(batch),
      update: { user: users.id(user), ...rest, ...(insertId !== undefined && { insertId }) },
    })),
  };
}
