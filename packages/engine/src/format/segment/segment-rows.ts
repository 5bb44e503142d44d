import type { PropertyValue } from '@arbor/schema/property-value';
import type { ValuesInOrder } from './sorted-values.ts';

/**
 * The events of one project, shard and UTC day, in the order in which a segment holds them: by event
 * name (ascending by UTF-16 units), then user ordinal, time, arrival. What goes into a segment, comes out
 * of it, and what parts of a day are merged into.
 *
 * Invariants: each event once (no duplicates within one `SegmentRows`); `users` ascends within an event,
 * `times` within a user of an event.
 */
export interface SegmentRows {
  readonly rowCount: number;
  readonly events: readonly string[];
  /** Rows of event e are eventStarts[e] … eventStarts[e + 1] − 1; one longer than `events`. */
  readonly eventStarts: Uint32Array;
  /** User ordinal by row; 0 = nobody. */
  readonly users: Uint32Array;
  /** Ms since the UTC day began, by row. */
  readonly times: Uint32Array;
  /**
   * By row: its place in the order of arrival among the rows of the day with the same user and time,
   * whatever their event; 0 where it is alone. Null = every row is alone.
   */
  readonly tieRanks: Uint32Array | null;
  /** Sequences (order at the edge) of the batches that the rows came with, ascending, distinct. */
  readonly batchSequences: Float64Array;
  /** Index into `batchSequences`, by row. */
  readonly batches: Uint32Array;
  /** Time as sent, ms UTC, of the few rows whose time the edge had to change. */
  readonly sentTimes: ReadonlyMap<number, number>;
  /** Distinct id as sent, by row: 0 = it is the id of the row's user ordinal, else index into `sentIdTexts`. */
  readonly sentIds: Uint32Array;
  /** Index 0 is "" and unused. */
  readonly sentIdTexts: readonly string[];
  /** Insert id of row r: UTF-8, bytes[ends[r − 1], ends[r]). */
  readonly insertIds: { readonly bytes: Uint8Array; readonly ends: Uint32Array };
  /** Ascending by name. */
  readonly properties: readonly SegmentProperty[];
}

export interface SegmentProperty {
  readonly name: string;
  /** Code by row; 0 = absent. */
  readonly codes: Uint32Array;
  /** Distinct values by code, types kept apart; index 0 is unused (null). A stored null is a value. */
  readonly values: readonly PropertyValue[];
  /** The same in the order of segments, where it is kept because many segments have these values. */
  readonly inOrder?: ValuesInOrder | undefined;
}

export const dayMs = 86_400_000;
