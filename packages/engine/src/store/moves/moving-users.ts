import type { Properties } from '@arbor/schema/property-value';
import type { ProjectTable } from '../project-table.ts';
import { memoryEvents, type MemoryUser } from './memory-events.ts';
import type { MovedEvent } from './moved-event.ts';

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
  /** Undefined = has none. */
  readonly profile: Properties | undefined;
}

export interface MovingSegment {
  readonly day: number;
  readonly path: string;
  readonly hiddenRows: Uint32Array;
}

/** At one moment: nothing of it changes later. */
export function movingUsers(table: ProjectTable, movers: readonly MovingId[]): MovingUsers {
  const users = movers.map(({ loser }): MovingUser => {
    const ordinals = table.membersOf([loser]);
    const profile = ordinals.length === 0 ? undefined : table.people.profile(ordinals[0]);
    return {
      ids: new Map(Array.from(ordinals, (ordinal) => [ordinal, table.users.id(ordinal)])),
      profile: profile && Object.fromEntries(profile),
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
