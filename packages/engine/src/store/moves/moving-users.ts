import type { Properties } from '@arbor/schema/property-value';
import type { ProjectTable } from '../project-table.ts';
import { memoryEvents } from './memory-events.ts';
import type { MovedEvent } from './moved-event.ts';

/** Users of a project who are to be brought to other shards, and where everything of theirs lies. */
export interface MovingUsers {
  /** In the order in which they were asked for. */
  readonly users: readonly MovingUser[];
  /** Of the whole project, ascending by day. */
  readonly segments: readonly MovingSegment[];
  /** What no file has yet, by day. */
  readonly memory: ReadonlyMap<number, readonly MovedEvent[]>;
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
export function movingUsers(table: ProjectTable, losers: readonly string[]): MovingUsers {
  const users = losers.map((loser): MovingUser => {
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
  const all = new Map(users.flatMap(({ ids }) => [...ids]));
  return { users, segments, memory: memoryEvents(table.events, all) };
}
