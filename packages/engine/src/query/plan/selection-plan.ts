import type { PropertyValue } from '@arbor/schema/property-value';
import type {
  AttributionModel,
  BehaviorCount,
  BreakdownBuckets,
  ComputedProperty,
  FilterOperator,
  PropertyCast,
  PropertyRef,
  TimeUnit,
  UserAggregate,
} from '@arbor/schema/query';
import type { ListPlan } from './plan-types.ts';

/** Which properties, which events and which users a plan looks at: plain JSON like the plans that hold it. */

/** A property as `PropertyRef` describes it, with everything inside it planned. */
export interface PropertyPlan {
  readonly scope: Exclude<PropertyRef['scope'], 'group'>;
  readonly name: string;
  /** Further names of the same stored property: the value is that of the first that has one. */
  readonly also?: readonly string[];
  /** The stored value names groups, of which this is read: before everything else. */
  readonly group?: GroupJoinPlan;
  readonly path?: readonly string[];
  readonly computed?: ComputedPlan;
  readonly cast?: PropertyCast;
}

/** A property of groups by their ids. Whoever reads it puts in what its shard knows (`joinGroups`): before, there is none. */
export interface GroupJoinPlan {
  readonly type: 'group';
  readonly groupKey: string;
  readonly name: string;
  readonly keys: readonly string[];
  readonly values: readonly PropertyValue[];
  /** What groups have that are not among the keys; absent = nothing. */
  readonly otherwise?: string;
  /** Keys and values travel apart (`plan-lists.ts`), and there are none here. */
  readonly list?: string;
}

export type ComputedPlan =
  | Extract<ComputedProperty, { type: 'items' | 'until_next' }>
  | {
      readonly type: 'formula';
      readonly expression: string;
      /** Absent = the dialect of formulas. */
      readonly dialect?: 'api';
      /** By name in the expression: all names of that property of events, where it has several. */
      readonly merged?: Readonly<Record<string, readonly string[]>>;
    }
  /** The column of the table: what its keys become. */
  | {
      readonly type: 'lookup';
      readonly keys: readonly string[];
      readonly values: readonly PropertyValue[];
      /** Keys and values travel apart (`plan-lists.ts`), and there are none here. */
      readonly list?: string;
    }
  | { readonly type: 'borrowed'; readonly selector: SelectorPlan; readonly withinMs: number }
  | {
      readonly type: 'behavior';
      readonly selector: SelectorPlan;
      readonly aggregate: 'count' | UserAggregate;
      readonly property: PropertyPlan | null;
      /** Of attempts: only what lies strictly between these steps. */
      readonly between?: { readonly from: number; readonly to: number };
      /** Of births: only what lies after the event, up to this long after it. */
      readonly withinMs?: number;
    }
  | { readonly type: 'attributed'; readonly model: AttributionModel; readonly lookbackMs: number };

export type BreakdownPlan =
  | {
      readonly type: 'property';
      readonly property: PropertyPlan;
      readonly buckets: Exclude<BreakdownBuckets, { type: 'auto' }>;
      /** Null = every item of a list; else only those that pass each of these tests. */
      readonly items: readonly ItemTestPlan[] | null;
    }
  /** In and not in each of them. */
  | {
      readonly type: 'cohort';
      readonly cohorts: readonly {
        readonly index: number;
        readonly name: string;
        /** Of events of groups: says which of them lie in it and which do not, instead of who did them (`cohorts-of-groups.ts`). */
        readonly ofGroups?: PropertyPlan;
      }[];
    };

export interface PropertyFilterPlan {
  readonly type: 'property';
  readonly property: PropertyPlan;
  readonly operator: PlanOperator;
  /** Text of operators that ignore case is in lower case already, unless `matchCase` says that they do not. */
  readonly values: readonly (string | number | boolean)[];
  readonly matchCase?: true;
  readonly quantifier?: 'any' | 'all';
  /** Of filters on dates: the zone of dates without a time. */
  readonly timezone?: string;
}

/** Filters on a property that is broken down by, as tests of its items. */
export type ItemTestPlan =
  PropertyFilterPlan | { readonly type: 'all' | 'any'; readonly filters: readonly ItemTestPlan[] };

/** Whether any or all of the objects of a list pass every filter; their properties are of scope `item`. */
export interface ItemsFilterPlan {
  readonly type: 'items';
  readonly property: PropertyPlan;
  readonly quantifier: 'any' | 'all';
  readonly filters: readonly FilterPlan[];
}

type DateOperator = Extract<FilterOperator, `was_${string}`>;

/**
 * `in_other_segment` is of plans alone: `values` are keys of segments (`segmentKey`), and what passes has
 * a segment that is none of them. `in_span`, `not_in_span`: of dates, `values` are [startMs, endMs) of each
 * other; every operator on dates is one of them. `satisfies`: `values` is an expression, which reads the property alone.
 */
export type PlanOperator =
  | Exclude<FilterOperator, DateOperator>
  | 'in_other_segment'
  | 'in_span'
  | 'not_in_span'
  | 'satisfies';

export type FilterPlan =
  | PropertyFilterPlan
  | ItemsFilterPlan
  /** Passes users in any of the cohorts, by their index in the plan; `negated`: in none. */
  | { readonly type: 'cohort'; readonly cohorts: readonly number[]; readonly negated: boolean }
  | { readonly type: 'all' | 'any'; readonly filters: readonly FilterPlan[] };

export interface MatchPlan {
  /** Null = every event but the protocol's own (3.2) and hidden ones. */
  readonly event: string | null;
  readonly filters: readonly FilterPlan[];
  readonly firstTime?: 'event' | 'matching';
  /** Of a null event: names that are left out. */
  readonly hidden?: readonly string[];
  /** Instead of the event, which is null then: any of these, for a first time or filters over all of them (3.4). */
  readonly definition?: SelectorPlan;
}

/** Passes a row that one of the matches passes. */
export type SelectorPlan = readonly MatchPlan[];

/** "Did this so often in [startMs, endMs)", of a user. The span is empty where it lies after now. */
export interface BehaviorPlan {
  readonly selector: SelectorPlan;
  readonly startMs: number;
  readonly endMs: number;
  readonly measure: BehaviorMeasurePlan;
  readonly operator: BehaviorCount['operator'];
  readonly value: number;
  /** Upper end of `between`, inside. */
  readonly to?: number;
}

export type BehaviorMeasurePlan =
  | { readonly type: 'count' }
  | { readonly type: UserAggregate; readonly property: PropertyPlan }
  | { readonly type: 'distinct_time'; readonly unit: TimeUnit };

/** "Did these one after the other within the window, from an entry in [startMs, endMs)". */
export interface SequencePlan {
  readonly steps: readonly SelectorPlan[];
  readonly windowMs: number;
  readonly startMs: number;
  /** Of entries; `untilMs` or before. */
  readonly endMs: number;
  /** Exclusive: nothing later has happened yet. */
  readonly untilMs: number;
}

export type UserConditionPlan =
  | PropertyFilterPlan
  /** Of a list of objects in the profile. */
  | ItemsFilterPlan
  /** Index into the behaviors of the plan. */
  | { readonly type: 'behavior'; readonly index: number }
  /** Index into the sequences of the plan. */
  | { readonly type: 'sequence'; readonly index: number; readonly negated: boolean }
  /** Behind this number of a report. */
  | { readonly type: 'report'; readonly list: ListPlan }
  | { readonly type: 'cohort'; readonly cohorts: readonly number[]; readonly negated: boolean }
  | { readonly type: 'all' | 'any'; readonly filters: readonly UserConditionPlan[] };

/** Who is in a cohort: a frozen list, or whoever meets every condition. */
export type CohortMembersPlan =
  /** `list`: the ids travel apart (`plan-lists.ts`), and there are none here. */
  | { readonly type: 'users'; readonly ids: readonly string[]; readonly list?: string }
  | ({ readonly type: 'conditions' } & ConditionsPlan);

export interface ConditionsPlan {
  readonly conditions: readonly UserConditionPlan[];
  /** By the index that conditions name them by. */
  readonly behaviors: readonly BehaviorPlan[];
  /** In the same way. */
  readonly sequences: readonly SequencePlan[];
}
