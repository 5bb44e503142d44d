import type { BatchEvent } from '../../format/row-batch.ts';

/** An event of a user who moves to another shard, with everything that decides its place among others. */
export interface MovedEvent {
  readonly event: Omit<BatchEvent, 'user' | 'position'>;
  /** Of the batch it came with. */
  readonly sequence: number;
  /** Ordinal that it lies with. */
  readonly owner: number;
  /** Orders events of one owner, sequence and time by arrival. */
  readonly tie: number;
}
