import type { ImportUsers } from '@arbor/engine/import/build-day';
import type { ImportColumns } from '@arbor/engine/import/import-columns';
import type { LearnedNames } from '@arbor/engine/import/learned-names';
import type { NewSegment } from '@arbor/engine/rewrite';

/** Everything that the days of one commit are built from; arrays lie in shared memory. */
export interface ChunkToBuild {
  readonly columns: ImportColumns;
  readonly learned: LearnedNames;
}

/** To a thread that builds days. Each thread is told of every chunk, and builds some of its days. */
export type ToBuilder =
  | { readonly type: 'chunk'; readonly chunk: ChunkToBuild }
  | { readonly type: 'day'; readonly id: number; readonly task: DayTask };

export interface DayTask {
  readonly project: number;
  readonly shard: number;
  readonly day: number;
  /** Rows of the chunk that was told last. */
  readonly rows: Uint32Array;
  readonly users: ImportUsers;
  readonly sequence: number;
}

export type FromBuilder =
  | { readonly id: number; readonly segment: NewSegment }
  | { readonly id: number; readonly error: string };
