import type { Properties } from '@arbor/schema/property-value';

/**
 * A conformance case as it stands in its file. What each field means says the README beside the cases; names and
 * shapes are theirs, not ours.
 */
export interface ConformanceCase {
  readonly id: string;
  readonly report: 'funnel' | 'retention' | 'insights';
  readonly timezone: string;
  readonly notes?: string;
  readonly people: readonly CasePerson[];
  readonly events: readonly CaseEvent[];
  readonly query: CaseQuery;
  readonly expected: CaseExpected;
  /** What the numbers hang on, several joined by " / ". */
  readonly choice?: string;
  /** Where the source follows another rule than the README's default. */
  readonly rules?: Readonly<Record<string, string>>;
  /** The numbers under one other rule, by "rule=value". */
  readonly alternatives?: Readonly<Record<string, CaseExpected>>;
}

export interface CasePerson {
  readonly id: string;
  /** Further ids of the same person. */
  readonly aliases?: readonly string[];
  readonly properties?: Properties;
}

export interface CaseEvent {
  /** An id or an alias, of a person listed or not. */
  readonly user: string;
  readonly event: string;
  /** UTC. */
  readonly time: string;
  readonly properties?: Properties;
}

export interface CaseFilter {
  readonly scope: 'event' | 'person';
  readonly property: string;
  readonly operator: string;
  readonly value?: CaseValue | readonly CaseValue[];
}
type CaseValue = string | number | boolean;

export type CaseFilterTree =
  | CaseFilter
  | { readonly any: readonly CaseFilterTree[] }
  | { readonly all: readonly CaseFilterTree[] };

export interface CaseSelector {
  /** Null is any event. */
  readonly event?: string | null;
  readonly filters?: readonly CaseFilterTree[];
  readonly or?: readonly CaseSelector[];
  readonly firstTime?: true | 'matching';
}

export interface CaseSeries extends CaseSelector {
  readonly metric?: string;
  readonly property?: string;
}

export interface CaseExclusion extends CaseSelector {
  readonly fromStep: number;
  readonly toStep: number;
}

export interface CaseProperty {
  readonly scope: 'event' | 'person';
  readonly property: string;
}

export interface CaseBreakdown extends Partial<CaseProperty> {
  readonly properties?: readonly CaseProperty[];
  readonly limit?: number;
  /** `first_touch`, `last_touch`, `all_events`, `step:N`. */
  readonly attribution?: string;
}

export interface CaseQuery {
  readonly from: string;
  readonly to: string;
  readonly filters?: readonly CaseFilterTree[];
  readonly breakdown?: CaseBreakdown;
  readonly weekStart?: 'monday' | 'sunday';
  // Funnel
  readonly steps?: readonly CaseSelector[];
  readonly window?: { readonly value: number; readonly unit: string };
  readonly order?: 'ordered' | 'strict' | 'unordered';
  readonly view?: 'steps' | 'trends' | 'time_to_convert';
  readonly exclusions?: readonly CaseExclusion[];
  readonly trend?: { readonly fromStep: number; readonly toStep: number };
  readonly timeToConvert?: {
    readonly fromStep: number;
    readonly toStep: number;
    readonly bins: number;
  };
  // Retention
  readonly birth?: CaseSelector;
  readonly return?: CaseSelector;
  readonly period?: 'hour' | 'day' | 'week' | 'month';
  readonly intervals?: number;
  readonly mode?: 'recurring' | 'first_time' | 'first_ever';
  readonly criteria?: 'on' | 'on_or_after';
  readonly buckets?: 'calendar' | 'rolling';
  readonly brackets?: readonly number[];
  // Insights; funnels by trend have an interval too
  readonly series?: readonly CaseSeries[];
  readonly interval?: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';
  readonly formula?: string;
  readonly compare?: { readonly from: string; readonly to: string };
  readonly cumulative?: boolean;
}

export interface CaseCohort {
  /** Local start: `YYYY-MM-DD`, of hours `YYYY-MM-DDTHH:00`. */
  readonly date: string;
  readonly size: number;
  readonly counts: readonly (number | null)[];
}

type Row = readonly (number | null)[];

export interface CaseExpected {
  readonly counts?: readonly number[];
  readonly avgTimeSeconds?: Row;
  readonly medianTimeSeconds?: Row;
  /** Ids of people by step. */
  readonly convertedUsers?: Readonly<Record<string, readonly string[]>>;
  /** Counts of a funnel, rows of insights, or `{cohorts}`. */
  readonly perSegment?: Readonly<Record<string, unknown>>;
  readonly perSegmentAvgTimeSeconds?: Readonly<Record<string, Row>>;
  readonly perSegmentUsers?: Readonly<Record<string, unknown>>;
  readonly perSegmentSums?: Readonly<Record<string, readonly number[]>>;
  readonly entered?: readonly number[];
  readonly converted?: readonly number[];
  readonly rates?: readonly number[];
  readonly timesSeconds?: readonly number[];
  readonly averageSeconds?: number;
  /** Start in seconds and people, of each bin. */
  readonly bins?: readonly (readonly number[])[];
  readonly cohorts?: readonly CaseCohort[];
  readonly dates?: readonly string[];
  readonly values?: readonly Row[];
  readonly sums?: readonly number[];
  readonly previous?: CaseExpected;
  readonly tolerance?: number;
}
