import type { PropertyValue } from '@arbor/schema/property-value';

/** The narrowest array that holds the codes of a column. */
export type CodeArray = Uint8Array | Uint16Array | Uint32Array;

/**
 * What scans read of one project in one shard: decoded columns by UTC day and event, over shared memory.
 * Never changes once handed out. Days and events that the plan cannot need may be left out.
 */
export interface ScanSource {
  readonly eventNames: readonly string[];
  /** Users have the ordinals 1 … userCount; those merged away have no rows and no properties. */
  readonly userCount: number;
  /** Ordinals of users merged away into others, ascending; mostly empty. They are nobody any more. */
  readonly mergedUsers: Uint32Array;
  /** Ascending by day, each day once. */
  readonly days: readonly DayRows[];
  /** Canonical id of an ordinal; "" for 0 and for a user that was merged away. */
  userId(ordinal: number): string;
  /** By ordinal. Undefined = no person has it. */
  personColumn(name: string): ScanColumn | undefined;
}

export interface DayRows {
  /** Start of the UTC day, ms. */
  readonly startMs: number;
  /** Of which source, where rows of several are put together; absent = of the only one. */
  readonly place?: number;
  /** At most one entry an event, ascending by `event`. */
  readonly events: readonly EventRows[];
  /** Null = no want asked for it (`RowWant.presence`), or nobody did anything. */
  readonly activity: DayActivity | null;
}

/** Who did anything on one UTC day, whatever it was: events of the protocol itself are left out. */
export interface DayActivity {
  /** Ascending, each once; 0 (nobody) comes first where it occurs. */
  readonly users: Uint32Array;
  /** Ms since the start of the day, along `users`. Empty where the plan does not need it (`'times'`). */
  readonly firstTimes: Uint32Array;
  /** The same of the last row, × 2, + 1 where the user has several rows at that time. */
  readonly lastTimes: Uint32Array;
}

/** The rows of one event on one UTC day, ordered by (user, time, arrival), duplicates left out. */
export interface EventRows {
  /** Index into `ScanSource.eventNames`. */
  readonly event: number;
  readonly rowCount: number;
  /** Users with rows here, ascending, each once; 0 (nobody) comes first where it occurs. */
  readonly users: Uint32Array;
  /** Rows of users[r] are starts[r] … starts[r + 1] − 1; one longer than `users`. */
  readonly starts: Uint32Array;
  /** Ms since the start of the day, by row. Empty where the plan does not need it (`timesNeeded`). */
  readonly times: Uint32Array;
  /** Order of arrival among rows of the day with the same user and time; null = no two rows share both. */
  readonly tieRanks: Uint32Array | null;
  /** Undefined = no row here has it. */
  column(name: string): ScanColumn | undefined;
}

export interface ScanColumn {
  /** Code by row (by ordinal for persons); 0 = absent. */
  readonly codes: CodeArray;
  readonly dictionary: ScanDictionary;
}

/** Distinct values of a column. The object is the identity: whatever follows from it may be kept in a WeakMap. */
export interface ScanDictionary {
  /** By code, types kept apart; index 0 is unused. Decoded when first asked for. */
  readonly values: readonly PropertyValue[];
  /** By code: the number, NaN where the value is none. Made when first asked for. */
  readonly numbers: Float64Array;
}
