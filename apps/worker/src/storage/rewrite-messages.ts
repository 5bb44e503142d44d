import type {
  CatalogUsers,
  DayOwner,
  NewSegment,
  SegmentsToMerge,
  SmallFileKind,
} from '@arbor/engine/rewrite';
import type { HiddenInSegment } from '@arbor/engine/catalog';
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
    };

export interface RewriteResults {
  readonly encode: NewSegment;
  readonly compact: NewSegment;
  readonly merge: Uint8Array;
}

export type ToRewriter = { readonly id: number; readonly task: RewriteTask };

export type FromRewriter =
  | { readonly id: number; readonly result: RewriteResults[RewriteTask['type']] }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
