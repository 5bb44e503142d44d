import type { planVersion } from './plan-version.ts';
import type { BehaviorCount, FilterOperator, PropertyRef } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';

/**
 * A query made ready for the shards: plain JSON, every date resolved to an instant. Whoever executes
 * or merges a plan needs neither a clock nor a time zone.
 *
 * Invariant: a plan and a shard view decide a partial result completely, so two replicas that hold the
 * same rows answer with the same numbers.
 */
export type Plan = InsightsPlan | FunnelPlan | RetentionPlan | CohortPlan;

interface PlanBase {
  /** Both sides of a rolling upgrade check it: a change of meaning raises the number. */
  readonly version: typeof planVersion;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly nowMs: number;
}

interface ReportPlanBase extends PlanBase {
  /** Every one must pass. */
  readonly filters: readonly FilterPlan[];
  readonly breakdown: PropertyRef | null;
  readonly segmentsMax: number;
}

export interface PropertyFilterPlan {
  readonly type: 'property';
  readonly property: PropertyRef;
  readonly operator: PlanOperator;
  /** Text of operators that ignore case is in lower case already. */
  readonly values: readonly (string | number | boolean)[];
}

/**
 * `in_other_segment` is of plans alone: `values` are keys of segments (`segmentKey`), and what passes has
 * a segment that is none of them.
 */
export type PlanOperator = FilterOperator | 'in_other_segment';

export type FilterPlan =
  PropertyFilterPlan | { readonly type: 'all' | 'any'; readonly filters: readonly FilterPlan[] };

export interface MatchPlan {
  /** Null = every event but the protocol's own (3.2). */
  readonly event: string | null;
  readonly filters: readonly FilterPlan[];
}

/** Passes a row that one of the matches passes. */
export type SelectorPlan = readonly MatchPlan[];

/** Bucket b counts the users who were active in [starts[b], ends[b]). Both lists never fall. */
export interface WindowsPlan {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export type MeasurePlan =
  | { readonly type: 'total' }
  | { readonly type: 'unique' }
  | { readonly type: 'active'; readonly windows: WindowsPlan }
  | { readonly type: 'sum' | 'average'; readonly property: PropertyRef }
  | { readonly type: 'min' | 'max'; readonly property: PropertyRef }
  | { readonly type: 'distinct_count'; readonly property: PropertyRef }
  /** A median is the 50th percentile. */
  | { readonly type: 'percentile'; readonly property: PropertyRef; readonly percentile: number };

export interface MetricPlan {
  readonly selector: SelectorPlan;
  readonly measure: MeasurePlan;
}

export interface InsightsPlan extends ReportPlanBase {
  readonly type: 'insights';
  /** They cover [startMs, endMs) without a gap. */
  readonly buckets: readonly Bucket[];
  readonly metrics: readonly MetricPlan[];
  /** The metric whose best segments all have; null = each has its own. */
  readonly rankBy: number | null;
  /**
   * One shard has all rows: only it is asked, so it may leave out the segments that do not come back. Its
   * partial result then says how many there are (`MetricPartial.segmentCount`).
   */
  readonly onOneShard: boolean;
  /** Whether the segments beyond `segmentsMax` come back as one: asks for a follow-up plan. */
  readonly otherSegment: boolean;
}

export interface FunnelPlan extends ReportPlanBase {
  readonly type: 'funnel';
  readonly steps: readonly SelectorPlan[];
  readonly windowMs: number;
  readonly graceMs: number;
  /** Which attempt a user has (see `FunnelQuery.entry`). */
  readonly entry: 'first' | 'any';
  /** Whether partials carry the times to convert. */
  readonly timing: boolean;
  /** Buckets of entry; null where the query did not ask for them. */
  readonly buckets: readonly Bucket[] | null;
}

export interface RetentionPlan extends ReportPlanBase {
  readonly type: 'retention';
  readonly birth: SelectorPlan;
  readonly return: SelectorPlan;
  /** One cohort a bucket. */
  readonly buckets: readonly Bucket[];
  readonly intervals: number;
  readonly criterion: 'on' | 'on_or_after';
  readonly births: 'every_bucket' | 'first';
  readonly clock:
    | { readonly type: 'rolling'; readonly lengthMs: number }
    /** Edges of whole calendar buckets: interval n of cohort d is [edges[d + n], edges[d + n + 1]). */
    | { readonly type: 'calendar'; readonly edges: readonly number[] };
}

/** "Did this so often in [startMs, endMs)", of a user. */
export interface BehaviorPlan {
  readonly selector: SelectorPlan;
  readonly startMs: number;
  readonly endMs: number;
  readonly operator: BehaviorCount['operator'];
  readonly value: number;
}

export type UserConditionPlan =
  | PropertyFilterPlan
  /** Index into the behaviors of the plan. */
  | { readonly type: 'behavior'; readonly index: number }
  | { readonly type: 'all' | 'any'; readonly filters: readonly UserConditionPlan[] };

/** The span covers the spans of all behaviors; it is empty where there are none. */
export interface CohortPlan extends PlanBase {
  readonly type: 'cohort';
  /** Every one must pass. */
  readonly conditions: readonly UserConditionPlan[];
  readonly behaviors: readonly BehaviorPlan[];
}
