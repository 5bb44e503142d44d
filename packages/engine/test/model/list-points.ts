import type { InsightsQuery, ListPoint, Metric, Query } from '@arbor/schema/query';
import type {
  FlowGraph,
  FlowResult,
  FrequencyResult,
  FunnelResult,
  InsightsResult,
  QueryResult,
  RetentionResult,
  Segment,
} from '@arbor/schema/result';
import { same } from './naive-values.ts';

/** The numbers of answers, and the points that name them (4.6). */

type PointOf<T extends ListPoint['type']> = Extract<ListPoint, { type: T }>;

/** What a number counts; null = something that is worked out of them. */
export type Counted = 'users' | 'events' | null;

/** The points of the numbers of an answer; of `other` segments those of insights alone. */
export function pointsOf(result: QueryResult): ListPoint[] {
  switch (result.type) {
    case 'insights':
      return result.series.flatMap(({ metric, segment, values }) =>
        [null, ...values.keys()].map((bucket): PointOf<'insights'> => {
          const point = { type: 'insights', metric, segment, bucket, compared: false } as const;
          if (segment?.type !== 'other') return point;
          return { ...point, beside: segmentsBeside(result, metric) };
        }),
      );
    case 'funnel':
      return segmentsOf(result).flatMap((segment) =>
        listable(segment, (of) => funnelPoints(result, of)),
      );
    case 'retention':
      return segmentsOf(result).flatMap((segment) =>
        listable(segment, (of) => retentionPoints(result, of)),
      );
    case 'frequency':
      return segmentsOf(result).flatMap((segment) =>
        listable(segment, (of) =>
          result.rows.flatMap(({ counts }, bucket) =>
            counts.map((_, n): PointOf<'frequency'> => {
              return { type: 'frequency', bucket, times: n + 1, segment: of };
            }),
          ),
        ),
      );
    case 'flow':
      return segmentsOf(result).flatMap((segment) =>
        listable(segment, (of) => flowPoints(result, of)),
      );
    case 'cohort': {
      const buckets = [null, ...(result.sizes?.users.keys() ?? [])];
      return buckets.map((bucket) => ({ type: 'cohort', bucket }));
    }
    case 'list':
    case 'users':
      return [];
  }
}

/** One of the points, mostly one with somebody behind it; undefined = the answer has no numbers. */
export function somePoint(result: QueryResult, seed: number): ListPoint | undefined {
  const points = pointsOf(result);
  const crowded = points.filter((point) => numberAt(result, point) !== 0);
  const chosen = seed % 4 === 0 || crowded.length === 0 ? points : crowded;
  return chosen[seed % Math.max(1, chosen.length)];
}

function listable<T>(segment: Segment | null, points: (segment: Segment | null) => T[]): T[] {
  return segment?.type === 'other' ? [] : points(segment);
}

/** The segments of a metric that came back by themselves. */
function segmentsBeside({ series }: InsightsResult, metric: number): Segment[] {
  return series.flatMap((own) =>
    own.metric === metric && own.segment !== null && own.segment.type !== 'other'
      ? [own.segment]
      : [],
  );
}

function segmentsOf({ segments }: { segments: readonly { segment: Segment }[] }) {
  return [null, ...segments.map(({ segment }) => segment)];
}

function funnelPoints({ steps, byEntry }: FunnelResult, segment: Segment | null) {
  const hasBuckets = byEntry !== undefined && (segment === null || byEntry.segments !== undefined);
  const buckets = hasBuckets ? [null, ...byEntry.buckets.keys()] : [null];
  return steps.flatMap((_, step) =>
    buckets.flatMap((bucket): PointOf<'funnel'>[] => {
      const reached = { type: 'funnel', step, outcome: 'reached', segment, bucket } as const;
      return step === 0 ? [reached] : [reached, { ...reached, outcome: 'dropped' }];
    }),
  );
}

function retentionPoints({ cohorts }: RetentionResult, segment: Segment | null) {
  return cohorts.flatMap(({ counts }, cohort) =>
    [null, ...counts.keys()].flatMap((interval): PointOf<'retention'>[] => {
      const isFuture = interval !== null && counts[interval] === null;
      const point = { type: 'retention', cohort, interval, segment } as const;
      if (isFuture) return [];
      if (interval === null) return [{ ...point, outcome: 'retained' }];
      return [
        { ...point, outcome: 'retained' },
        { ...point, outcome: 'lost' },
      ];
    }),
  );
}

function flowPoints(result: FlowResult, segment: Segment | null): PointOf<'flow'>[] {
  return (graphAt(result, segment)?.steps ?? []).flatMap(({ anchor, step, nodes, links }) => {
    const at = { type: 'flow', anchor, step, segment } as const;
    return [
      { ...at, node: null, link: null },
      ...nodes.map(({ key }) => ({ ...at, node: key, link: null })),
      ...links.map(({ from, to }) => ({ ...at, node: to, link: from })),
    ];
  });
}

/** The number at a point; 0 where the answer does not have it. */
export function numberAt(result: QueryResult, point: ListPoint): number {
  switch (point.type) {
    case 'insights':
      return result.type === 'insights' ? valueAt(result, point) : 0;
    case 'funnel':
      return result.type === 'funnel' ? stepAt(result, point) : 0;
    case 'retention':
      return result.type === 'retention' ? cellAt(result, point) : 0;
    case 'frequency':
      return result.type === 'frequency' ? frequencyAt(result, point) : 0;
    case 'flow':
      return result.type === 'flow' ? flowAt(result, point) : 0;
    case 'cohort': {
      if (result.type !== 'cohort') return 0;
      return point.bucket === null ? result.users : (result.sizes?.users[point.bucket] ?? 0);
    }
  }
}

function valueAt({ series }: InsightsResult, { metric, segment, bucket }: PointOf<'insights'>) {
  const line = series.find((own) => own.metric === metric && isSegment(own.segment, segment));
  return (bucket === null ? line?.total : line?.values[bucket]) ?? 0;
}

function stepAt(result: FunnelResult, { segment, step, outcome, bucket }: PointOf<'funnel'>) {
  const { byEntry } = result;
  const steps =
    bucket === null
      ? own(result, segment)?.steps.map(({ count }) => count)
      : segment === null
        ? byEntry?.counts[bucket]
        : byEntry?.segments?.find((one) => isSegment(one.segment, segment))?.counts[bucket];
  const count = steps?.[step] ?? 0;
  return outcome === 'reached' ? count : (steps?.[step - 1] ?? 0) - count;
}

function cellAt(
  result: RetentionResult,
  { segment, cohort, interval, outcome }: PointOf<'retention'>,
): number {
  const row = own(result, segment)?.cohorts[cohort];
  const size = row?.size ?? 0;
  if (interval === null) return size;
  const retained = row?.counts[interval] ?? 0;
  return outcome === 'retained' ? retained : size - retained;
}

function frequencyAt(result: FrequencyResult, { segment, bucket, times }: PointOf<'frequency'>) {
  return own(result, segment)?.rows[bucket]?.counts[times - 1] ?? 0;
}

function flowAt(result: FlowResult, { segment, anchor, step, node, link }: PointOf<'flow'>) {
  const place = graphAt(result, segment)?.steps.find(
    (one) => one.anchor === anchor && one.step === step,
  );
  if (link !== null) {
    return place?.links.find(({ from, to }) => from === link && to === node)?.count ?? 0;
  }
  if (node === null) return place?.dropOff ?? 0;
  return place?.nodes.find(({ key }) => key === node)?.count ?? 0;
}

function graphAt(
  result: FlowResult,
  segment: PointOf<'insights'>['segment'],
): FlowGraph | undefined {
  return own(result, segment);
}

/** What a result says of a segment, or of everything. */
function own<S extends { readonly segment: Segment }>(
  result: Omit<S, 'segment' | 'significance'> & { readonly segments: readonly S[] },
  segment: PointOf<'insights'>['segment'],
): Omit<S, 'segment' | 'significance'> | undefined {
  if (segment === null) return result;
  return result.segments.find((one) => isSegment(one.segment, segment));
}

function isSegment(left: Segment | null, right: PointOf<'insights'>['segment']): boolean {
  if (left === null || right === null) return left === right;
  return same(left, right as Segment);
}

/** Whether there is anything behind a number of everything, which that of all other segments may be. */
export function isBehind(whole: QueryResult, point: ListPoint): boolean {
  const isOther = point.type === 'insights' && point.segment?.type === 'other';
  if (whole.type !== 'insights' || !isOther) return numberAt(whole, point) > 0;
  const { beside = [], ...rest } = point;
  return segmentsBeside(whole, point.metric)
    .filter((segment) => !beside.some((own) => isSegment(segment, own)))
    .some((segment) => numberAt(whole, { ...rest, segment }) > 0);
}

/** What the number at a point counts. */
export function countedAt(query: Query, point: ListPoint): Counted {
  switch (query.type) {
    case 'insights':
      return point.type === 'insights' ? countedBy(query, query.metrics[point.metric]) : null;
    case 'funnel':
      return query.counting === 'unique' ? 'users' : 'events';
    case 'retention':
      return query.measure.type === 'users' ? 'users' : null;
    case 'flow':
      return query.counting === 'unique' ? 'users' : 'events';
    case 'frequency':
    case 'cohort':
      return 'users';
    case 'list':
    case 'users':
      return null;
  }
}

function countedBy({ breakdowns }: InsightsQuery, metric: Metric): Counted {
  if (metric.type !== undefined && metric.type !== 'events') return null;
  if (metric.rolling !== undefined || metric.cumulative === true) return null;
  const { type } = metric.measure;
  // Touches share an event (14.6).
  if (type === 'total')
    return JSON.stringify(breakdowns).includes('"attributed"') ? null : 'events';
  if (type === 'sessions') return 'events';
  return userMeasures.has(type) ? 'users' : null;
}

const userMeasures: ReadonlySet<string> = new Set([
  'unique',
  'dau',
  'wau',
  'mau',
  'active',
  'cumulative_unique',
]);
