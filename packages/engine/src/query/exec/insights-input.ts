import type { Frame } from './frame.ts';
import type { RowContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

/** What the cells of every measure are computed from. */
export interface InsightsInput {
  readonly context: RowContext;
  readonly view: ShardView;
  readonly frame: Frame;
  /** Bucket by row, −1 outside the range. */
  readonly buckets: Int32Array;
  readonly bucketCount: number;
}
