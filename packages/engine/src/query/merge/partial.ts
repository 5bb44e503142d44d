import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import type { DurationList } from './packed-durations.ts';
import type { FlowPartial } from './flow-partial.ts';
import type { NumberList } from './packed-numbers.ts';
import type { PackedSegments } from './packed-segments.ts';
import type { EventKey } from '../plan/plan-types.ts';

/**
 * What one shard answers: plain JSON, additive because a user lives on one shard. Partials of all
 * shards merge in any order to the same result.
 *
 * Cells are sparse: `at` lists the buckets that have something, ascending; the lists beside it run
 * along with it.
 */
export type PartialResult =
  | InsightsPartial
  | FunnelPartial
  | RetentionPartial
  | FrequencyPartial
  | CohortPartial
  | FlowPartial
  | ListPartial
  | UsersPartial;

export interface InsightsPartial {
  readonly type: 'insights';
  readonly metrics: readonly MetricPartial[];
}

export interface MetricPartial {
  readonly overall: Cells;
  /** `unpackSegments` reads both forms. */
  readonly segments: readonly SegmentCells<Cells>[] | PackedSegments;
  /** How many the shard has in all, where those are left out that do not come back (`onOneShard`). */
  readonly segmentCount?: number;
}

export interface SegmentCells<T> {
  readonly segment: Segment;
  readonly cells: T;
}

export type Cells = CountCells | UserCells | SumCells | ExtremeCells | ValueCells | DistinctCells;

export interface CountCells {
  readonly type: 'counts';
  readonly at: readonly number[];
  readonly counts: readonly number[];
}

export interface UserCells {
  readonly type: 'users';
  readonly at: readonly number[];
  readonly counts: readonly number[];
  /** Distinct users over the whole range, whatever windows the buckets have. */
  readonly range: number;
}

export interface SumCells {
  readonly type: 'sums';
  readonly at: readonly number[];
  readonly sums: readonly number[];
  /** What rounding took from `sums`: added at the very end, so that the order of merging does not show. */
  readonly corrections: readonly number[];
  readonly counts: readonly number[];
}

export interface ExtremeCells {
  readonly type: 'extremes';
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export interface ValueCells {
  readonly type: 'values';
  readonly at: readonly number[];
  /** Every number, ascending: percentiles are exact. */
  readonly values: readonly NumberList[];
}

export interface DistinctCells {
  readonly type: 'distinct';
  readonly at: readonly number[];
  /** JSON text of each distinct value: 1 and "1" stay two. */
  readonly values: readonly (readonly string[])[];
}

export interface FunnelPartial {
  readonly type: 'funnel';
  readonly overall: FunnelCells;
  readonly segments: readonly SegmentCells<FunnelCells>[];
  /** The segments together have the times of `overall`, whose own lists are empty then. */
  readonly timesInSegments: boolean;
  /** By bucket of entry, by step; empty where the plan has no buckets. */
  readonly byEntry: readonly (readonly number[])[];
  /** The same of each segment. */
  readonly byEntrySegments?: readonly SegmentCells<readonly (readonly number[])[]>[];
  /** Times between the two steps of a plan's `distribution`, over all attempts that count. */
  readonly distributionMs?: DurationList;
  /** Where the plan asks for paths: attempts by what they did, each order once. */
  readonly paths?: readonly FunnelPath[];
  readonly stillOpen: number;
}

/** An order of steps of the query, and how many attempts did these and no more. */
export interface FunnelPath {
  readonly steps: readonly number[];
  readonly count: number;
}

/** All lists by step. Times are ascending; all are empty where the plan asks for none. */
export interface FunnelCells {
  readonly counts: readonly number[];
  /** Empty for the first step. */
  readonly fromEntryMs: readonly DurationList[];
  /** Empty for the first step, and for the second: it comes after the entry, and has those of `fromEntryMs`. */
  readonly fromPreviousMs: readonly DurationList[];
  /** Between the steps of the plan's `times`, where no other list has these. */
  readonly betweenMs?: DurationList;
  /** Where the plan has a `sum`, with what rounding took from each. */
  readonly sums?: readonly number[];
  readonly corrections?: readonly number[];
}

export interface RetentionPartial {
  readonly type: 'retention';
  readonly overall: RetentionCells;
  readonly segments: readonly SegmentCells<RetentionCells>[];
}

/** Cohorts with somebody in them, ascending. */
export interface RetentionCells {
  readonly cohorts: readonly number[];
  /** Births. In segments of the return event: those with a return in the segment; the cohorts are those of all. */
  readonly sizes: readonly number[];
  /** By cohort as listed, by interval: users, or sums of numbers by the interval they were seen in. */
  readonly counts: readonly (readonly number[])[];
  /** Of sums alone: what rounding took from them, aligned with `counts`. */
  readonly corrections?: readonly (readonly number[])[];
}

export interface FrequencyPartial {
  readonly type: 'frequency';
  readonly overall: FrequencyCells;
  readonly segments: readonly SegmentCells<FrequencyCells>[];
}

/** Buckets with somebody in them, ascending. */
export interface FrequencyCells {
  readonly buckets: readonly number[];
  /** By bucket as listed: users who were active in at least 1, 2, … sub-units, up to where there are none. */
  readonly atLeast: readonly (readonly number[])[];
}

export interface CohortPartial {
  readonly type: 'cohort';
  readonly users: number;
  /** As of the end of each bucket, where the plan has some. */
  readonly sizes?: readonly number[];
  /** Who they are, where the plan asks for it; ranges do not overlap. */
  readonly members?: readonly MemberRange[];
}

/** Some users of a shard: bit i of the bytes (base64) is set where user first + i is meant. */
export interface MemberRange {
  /** Ordinal; in a result of a view alone, that of the view. */
  readonly first: number;
  readonly count: number;
  readonly bits: string;
}

/** Those that come first after the position of the plan, one more than a page has; in order. */
export interface ListPartial {
  readonly type: 'list';
  /** How many there are on all pages. */
  readonly total: number;
  readonly users: readonly ListedUser[];
  readonly events: readonly ListedRow[];
}

export interface ListedUser {
  readonly user: string;
  /** The properties of the plan's columns that the user has. */
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

export interface ListedRow extends EventKey {
  /** Those that the plan asks for; none where it asks which events there are. */
  readonly properties: Readonly<Record<string, PropertyValue>>;
}

/** Those that come first after the position of the plan, one more than a page has; in order. */
export interface UsersPartial {
  readonly type: 'users';
  /** How many there are on all pages. */
  readonly total: number;
  readonly users: readonly FoundUser[];
}

export interface FoundUser {
  /** Canonical id. */
  readonly user: string;
  readonly displayName: string;
  /** What he is sorted by; null = has none. */
  readonly sortValue: PropertyValue;
  /** In the order of the plan's columns; null = has none. */
  readonly values: readonly PropertyValue[];
}
