import { createHash } from 'node:crypto';
import type {
  DayPart,
  ProjectSnapshot,
  SnapshotDay,
  UserIds,
  UserRedirects,
} from '../query/scan/project-snapshot.ts';
import { HiddenRows } from './hidden-rows.ts';
import type { MemoryDay } from './memory-days.ts';
import type { BaseSegment } from './project-base.ts';

export interface SnapshotInputs {
  readonly users: UserIds;
  readonly redirects: UserRedirects;
  readonly segments: readonly BaseSegment[];
  readonly memory: readonly MemoryDay[];
  readonly personProperty: ProjectSnapshot['personProperty'];
}

/** Puts the parts of a project together. Keeps what it found out of copies across days. */
export class SnapshotMaker {
  readonly #project: number;
  readonly #shard: number;
  readonly #hidden: HiddenRows;

  constructor(project: number, shard: number) {
    this.#project = project;
    this.#shard = shard;
    this.#hidden = new HiddenRows({ project, shard });
  }

  make(inputs: SnapshotInputs): ProjectSnapshot {
    const { users, redirects, personProperty } = inputs;
    return {
      project: this.#project,
      shard: this.#shard,
      users,
      redirects,
      days: daysOf(inputs, this.#hidden.find(inputs)),
      personProperty,
    };
  }
}

/** Segments of a day in the order of their generations, then memory; days ascending. */
function daysOf(
  { segments, memory }: SnapshotInputs,
  hidden: ReadonlyMap<string, Uint32Array>,
): SnapshotDay[] {
  const days = new Map<number, DayPart[]>();
  const add = (day: number, part: DayPart): void => {
    const parts = days.get(day) ?? [];
    const hiddenRows = hidden.get(part.id);
    parts.push(hiddenRows ? withHidden(part, hiddenRows) : part);
    days.set(day, parts);
  };
  for (const { entry, part } of segments) add(entry.day, part);
  for (const { day, part } of memory) add(day, part);
  return Array.from(days, ([day, parts]) => ({ day, parts })).sort((a, b) => a.day - b.day);
}

/** Other contents, so another id. */
function withHidden(part: DayPart, more: Uint32Array): DayPart {
  const all = new Set([...part.hiddenRows, ...more]);
  const hiddenRows = Uint32Array.from(all).sort();
  const digest = createHash('sha256').update(hiddenRows).digest('base64url');
  return { ...part, id: `${part.id}-${digest}`, hiddenRows };
}
