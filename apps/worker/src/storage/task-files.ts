import type { CatalogFileKind, StoredCatalogFile } from '@arbor/db/catalog';
import type { ShardTaskResult } from '@arbor/schema/shard-task';
import { inOrder } from './build-shard-catalog.ts';
import type { ShardUnit } from './storage-context.ts';

/** What a task makes of the set of files. */
export interface TaskFiles {
  readonly add: readonly StoredCatalogFile[];
  readonly remove: readonly string[];
  readonly counts: Pick<ShardTaskResult, 'events' | 'profiles' | 'properties'>;
  /** Users to be taken out who stay, because somebody was joined to them meanwhile. */
  readonly staying: readonly string[];
}

/** There is nothing here that the task is about. */
export const nothingDone: TaskFiles = {
  add: [],
  remove: [],
  counts: { events: 0, profiles: 0, properties: 0 },
  staying: [],
};

/** A segment of the catalog. */
export interface StoredSegment {
  readonly file: StoredCatalogFile;
  readonly day: number;
}

/** The segments of a project, by day, those of a day in the order of their generations. */
export function segmentsOf({ follower }: ShardUnit, project: number): StoredSegment[] {
  return [...follower.current.files.values()]
    .flatMap((file) =>
      file.kind === 'segment' && file.project === project && file.day !== null
        ? [{ file, day: file.day }]
        : [],
    )
    .sort((one, other) => one.day - other.day || one.file.generation - other.file.generation);
}

/** Day by day. */
export function byDay(segments: readonly StoredSegment[]): StoredSegment[][] {
  const days = new Map<number, StoredSegment[]>();
  for (const segment of segments) {
    const ofDay = days.get(segment.day);
    if (ofDay === undefined) days.set(segment.day, [segment]);
    else ofDay.push(segment);
  }
  return [...days.values()];
}

/** Files of a kind, in the order in which they apply. */
export function filesOfKind(
  { follower }: ShardUnit,
  project: number,
  kind: CatalogFileKind,
): { readonly keys: readonly string[]; readonly paths: readonly string[] } {
  const files = inOrder(follower.current).filter(
    (file) => file.kind === kind && file.project === project,
  );
  const keys = files.map(({ key }) => key);
  return { keys, paths: keys.map((key) => follower.pathOf(key)) };
}
