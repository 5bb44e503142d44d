import type {
  DayPart,
  ProjectSnapshot,
  SnapshotDay,
  UserIds,
  UserRedirects,
} from '../query/scan/project-snapshot.ts';
import { withHiddenRows } from './hidden-part.ts';
import type { MemoryDay } from './memory-days.ts';
import type { BaseSegment } from './project-base.ts';

export interface SnapshotInputs {
  readonly project: number;
  readonly shard: number;
  readonly users: UserIds;
  readonly redirects: UserRedirects;
  readonly segments: readonly BaseSegment[];
  /** Rows of segments that have a later copy in memory, by segment id. */
  readonly hidden: ReadonlyMap<string, ReadonlySet<number>>;
  readonly memory: readonly MemoryDay[];
  readonly personProperty: ProjectSnapshot['personProperty'];
  readonly personSteps: NonNullable<ProjectSnapshot['personSteps']>;
}

/** Puts the parts of a project together: segments of a day in the order of their generations, then memory. */
export function makeSnapshot(inputs: SnapshotInputs): ProjectSnapshot {
  const {
    project,
    shard,
    users,
    redirects,
    segments,
    hidden,
    memory,
    personProperty,
    personSteps,
  } = inputs;
  const days = new Map<number, DayPart[]>();
  const add = (day: number, part: DayPart): void => {
    const parts = days.get(day);
    if (parts) parts.push(part);
    else days.set(day, [part]);
  };
  for (const { entry, part } of segments) {
    const rows = hidden.get(entry.id);
    add(entry.day, rows ? withHiddenRows(part, rows) : part);
  }
  for (const { day, part } of memory) add(day, part);
  return { project, shard, users, redirects, days: ascending(days), personProperty, personSteps };
}

function ascending(days: ReadonlyMap<number, readonly DayPart[]>): SnapshotDay[] {
  return Array.from(days, ([day, parts]) => ({ day, parts })).sort((a, b) => a.day - b.day);
}
