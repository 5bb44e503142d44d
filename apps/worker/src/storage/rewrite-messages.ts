import type { CatalogUsers, DayOwner, NewSegment, SmallFileKind } from '@arbor/engine/rewrite';
import type { SegmentRows } from '@arbor/engine/segment-rows';

/** What the thread that rewrites files can be asked for. */
export type RewriteTask =
  | { readonly type: 'encode'; readonly owner: DayOwner; readonly rows: SegmentRows }
  | {
      readonly type: 'compact';
      readonly owner: DayOwner;
      /** Files of segments, oldest generation first. */
      readonly paths: readonly string[];
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
