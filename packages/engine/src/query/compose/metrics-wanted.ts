import type { InsightsQuery } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { PlanScope } from '../plan/plan-scope.ts';
import type { Span } from './report-times.ts';

/** More segments than there can be: none is left out. */
export const allSegments = Number.MAX_SAFE_INTEGER;

/** What is asked of some metrics of a report in one span of time. */
export interface MetricsWanted {
  readonly query: InsightsQuery;
  readonly span: Pick<Span, 'time' | 'buckets'>;
  readonly scope: Pick<PlanScope, 'calendar' | 'nowMs'>;
  /** Indices of the metrics. */
  readonly metrics: readonly number[];
  /** The segments that must come, beside each metric; null = the best ones do. */
  readonly segments: readonly (readonly Segment[])[] | null;
  /** Whether all segments come back, however many there are. */
  readonly all?: boolean;
  readonly otherSegment: boolean;
}
