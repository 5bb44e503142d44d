import type {
  CatalogUsers,
  DayOwner,
  NewSegment,
  SegmentsToMerge,
  SmallFileKind,
} from '@arbor/engine/rewrite';
import type { HiddenInSegment } from '@arbor/engine/catalog';
import type { MoveBatch } from '@arbor/engine/moves/move-batches';
import type { MovingDay } from '@arbor/engine/moves/read-moves';
import type { OwnedPath } from '@arbor/engine/rewrite/expired-users';
import type { ProfileSplit, UsersTask } from '@arbor/engine/rewrite/plan-users';
import type { DayRewrite, SegmentToRewrite } from '@arbor/engine/rewrite/rewrite-day';
import type { PeopleRewrite } from '@arbor/engine/rewrite/rewrite-people';
import type { UsersChange } from '@arbor/engine/rewrite/rewrite-users';
import type { RowChange } from '@arbor/engine/rewrite/row-change';
import type { SegmentRows } from '@arbor/engine/segment-rows';

/** What the thread that rewrites files can be asked for. */
export type RewriteTask =
  | {
      readonly type: 'encode';
      readonly owner: DayOwner;
      readonly rows: SegmentRows;
      /** What they hide in other segments. */
      readonly hides: readonly HiddenInSegment[];
    }
  | {
      readonly type: 'compact';
      readonly owner: DayOwner;
      readonly segments: SegmentsToMerge;
      /** In shared memory: 2.5 million users are not copied. */
      readonly users: CatalogUsers;
    }
  | {
      readonly type: 'merge';
      readonly kind: SmallFileKind;
      /** In the order in which they apply. */
      readonly paths: readonly string[];
      /** Nothing comes before them. */
      readonly isWhole: boolean;
      readonly nowMs: number;
    }
  | {
      readonly type: 'plan users';
      /** All users files of the project, in the order in which they apply. */
      readonly paths: readonly string[];
      readonly task: UsersTask;
    }
  | {
      readonly type: 'rewrite users';
      readonly paths: readonly string[];
      readonly task: UsersTask;
      readonly withRows: Uint32Array;
    }
  | {
      readonly type: 'rewrite people';
      /** All people files of the project, in the order in which they apply. */
      readonly paths: readonly string[];
      readonly change: RowChange;
      readonly splits: readonly ProfileSplit[];
    }
  | {
      readonly type: 'rewrite day';
      readonly owner: DayOwner;
      readonly segments: readonly SegmentToRewrite[];
      readonly change: RowChange;
      readonly users: CatalogUsers;
    }
  | {
      readonly type: 'count day';
      readonly owner: DayOwner;
      readonly segments: readonly SegmentToRewrite[];
      readonly users: CatalogUsers;
    }
  | { readonly type: 'read moves'; readonly days: readonly MovingDay[] }
  | {
      readonly type: 'forget events';
      /** All users files of the project, in the order in which they apply. */
      readonly paths: readonly string[];
      readonly expired: readonly OwnedPath[];
      readonly left: readonly OwnedPath[];
    };

export interface RewriteResults {
  readonly encode: NewSegment;
  readonly compact: NewSegment;
  readonly merge: Uint8Array;
  /** Null = nobody that the task is about is known. */
  readonly 'plan users': UsersChange | null;
  readonly 'rewrite users': Uint8Array;
  readonly 'rewrite people': PeopleRewrite;
  readonly 'rewrite day': DayRewrite;
  readonly 'count day': number;
  readonly 'forget events': Uint8Array;
  /** By move. */
  readonly 'read moves': MoveBatch[][];
}

export type ToRewriter = { readonly id: number; readonly task: RewriteTask };

export type FromRewriter =
  | { readonly id: number; readonly result: RewriteResults[RewriteTask['type']] }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
