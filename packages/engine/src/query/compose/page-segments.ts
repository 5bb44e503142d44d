import type { Query } from '@arbor/schema/query';
import type { InsightsResult, QueryResult, Segment } from '@arbor/schema/result';
import type { ComposeStep } from './ask.ts';

type Segmented = { readonly segment: Segment };
type Report = Extract<Query, { segmentsMax: number }>;

/**
 * The query that has the segments of all pages up to the one that is asked for: which segments are the best is known only
 * when all of them are ranked, and their order is the same each time (3.8).
 */
export function upToPage<Q extends Report>(query: Q): Q {
  const { segmentsFrom = 0, segmentsMax } = query;
  return { ...query, segmentsFrom: 0, segmentsMax: segmentsFrom + segmentsMax };
}

/** The same step, whose answer has the segments from a place on; the row of all others follows them as it is. */
export function pageOf(step: ComposeStep, from: number): ComposeStep {
  if (from === 0) return step;
  return step.type === 'answer'
    ? { type: 'answer', result: cutResult(step.result, from) }
    : { ...step, next: (results) => pageOf(step.next(results), from) };
}

function cutResult(result: QueryResult, from: number): QueryResult {
  switch (result.type) {
    case 'insights':
      return {
        ...result,
        series: cutSeries(result.series, from),
        ...(result.comparison && {
          comparison: {
            ...result.comparison,
            series: cutSeries(result.comparison.series, from),
          },
        }),
      };
    case 'funnel':
      return {
        ...result,
        ...cutFunnel(result, from),
        ...(result.comparison && {
          comparison: { ...result.comparison, ...cutFunnel(result.comparison, from) },
        }),
      };
    case 'retention':
      return {
        ...result,
        segments: cut(result.segments, from),
        ...(result.comparison && {
          comparison: { ...result.comparison, segments: cut(result.comparison.segments, from) },
        }),
      };
    case 'frequency':
      return { ...result, segments: cut(result.segments, from) };
    case 'flow':
      return { ...result, segments: cut(result.segments, from) };
    case 'cohort':
    case 'list':
    case 'users':
      return result;
  }
}

type FunnelSegments = Pick<Extract<QueryResult, { type: 'funnel' }>, 'segments' | 'byEntry'>;

function cutFunnel({ segments, byEntry }: FunnelSegments, from: number): FunnelSegments {
  return {
    segments: cut(segments, from),
    ...(byEntry && {
      byEntry: {
        ...byEntry,
        ...(byEntry.segments && { segments: cut(byEntry.segments, from) }),
      },
    }),
  };
}

/** Of each metric: the row over all segments comes first. */
function cutSeries(series: InsightsResult['series'], from: number): InsightsResult['series'] {
  const passed = new Map<number, number>();
  return series.filter(({ metric, segment }) => {
    if (segment === null || segment.type === 'other') return true;
    const before = passed.get(metric) ?? 0;
    passed.set(metric, before + 1);
    return before >= from;
  });
}

function cut<T extends Segmented>(segments: readonly T[], from: number): T[] {
  const others = segments.filter(({ segment }) => segment.type === 'other');
  return [...segments.filter(({ segment }) => segment.type !== 'other').slice(from), ...others];
}
