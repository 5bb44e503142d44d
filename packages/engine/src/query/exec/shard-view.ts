import type { PropertyValue } from '@arbor/schema/property-value';

/**
 * A column that a project has beside the properties of persons: true = the user has an event or a profile
 * (reports.md 9.2). No column = everybody has. No client names a property so.
 */
export const knownUserProperty = '\u0000known';
/** The same of users who have a profile (4.1): true, or missing. No column = nobody has one. */
export const profileProperty = '\u0000profile';

/**
 * What the query engine reads of one project in one shard, however it is stored (row log now, column
 * segments beside it later). A view is a consistent snapshot: it never changes once handed out.
 *
 * Invariant: rows are ordered by (user ordinal, time, sequence, position), hold each event once
 * (duplicates are dropped, the latest copy stays), and a user's rows lie together.
 */
export interface ShardView {
  readonly rowCount: number;
  /** Ms UTC, by row. */
  readonly times: Float64Array;
  /** User ordinal by row; 0 = no user (`distinct_id` ""), counts in totals only. */
  readonly users: Uint32Array;
  /** Event code by row; index into `eventNames`. */
  readonly events: Uint32Array;
  readonly eventNames: readonly string[];
  /**
   * Codes from here on are of events that nobody sent: the ends of sessions (12). "Any event" leaves them out
   * (3.2). Absent = the view has none.
   */
  readonly virtualFrom?: number;
  /**
   * Ordinals 1 … userCount exist; some have a profile and no event. One that was merged into another
   * user has neither any more, and "" for its id.
   */
  readonly userCount: number;
  /** 1 by ordinal for those that were not merged away; index 0 is 0. Absent = who has an id. */
  readonly isUser?: Uint8Array;
  /** Canonical id by ordinal; index 0 is "". Millions of texts, made when first read: `userCount` counts them. */
  readonly userIds: readonly string[];
  /** Aligned with the rows; undefined = no row has it. */
  eventProperty(name: string): PropertyColumn | undefined;
  /** Aligned with user ordinals (index 0 is always absent); undefined = no person has it. */
  personProperty(name: string): PropertyColumn | undefined;
}

export interface PropertyColumn {
  /** Dictionary code by row or ordinal; 0 = absent. */
  readonly codes: Uint32Array;
  /** Distinct values by code, types kept apart; index 0 is unused. A stored null is a value here. */
  readonly values: readonly PropertyValue[];
}
