import type { FunnelQuery, InsightsQuery, ListPoint, Query } from '@arbor/schema/query';
import type {
  FlowResult,
  FunnelResult,
  InsightsResult,
  QueryResult,
  RetentionResult,
  Segment,
} from '@arbor/schema/result';
import { graphAt, numberAt } from './list-numbers.ts';
import type { PointOf } from './list-numbers.ts';

/** The points that name the numbers of answers (4.6): of every number that counts users or events. */
export function pointsOf(query: Query, result: QueryResult): ListPoint[] {
  switch (result.type) {
    case 'insights':
      return query.type === 'insights' ? insightsPoints(query, result) : [];
    case 'funnel':
      return query.type === 'funnel' ? funnelPoints(query, result) : [];
    case 'retention':
      return retentionPoints(result);
    case 'frequency':
      return segmentsOf(result).flatMap((segment) =>
        result.rows.flatMap(({ counts }, bucket) =>
          counts.map((_, n): PointOf<'frequency'> => {
            return { type: 'frequency', bucket, times: n + 1, segment };
          }),
        ),
      );
    case 'flow':
      return segmentsOf(result).flatMap((segment) => flowPoints(result, segment));
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
export function somePoint(query: Query, result: QueryResult, seed: number): ListPoint | undefined {
  const points = pointsOf(query, result);
  const crowded = points.filter((point) => numberAt(result, point) !== 0);
  const chosen = seed % 4 === 0 || crowded.length === 0 ? points : crowded;
  return chosen[seed % Math.max(1, chosen.length)];
}

function insightsPoints(query: InsightsQuery, result: InsightsResult): ListPoint[] {
  const sides = [
    { series: result.series, compared: false },
    { series: result.comparison?.series ?? [], compared: true },
  ];
  return sides.flatMap(({ series, compared }) =>
    series.flatMap(({ metric, segment, values }) =>
      operandsOf(query, metric)
        .filter((operand) => segment?.type !== 'other' || hasOthers(query, operand ?? metric))
        .flatMap((operand) =>
          [null, ...values.keys()].map((bucket): PointOf<'insights'> => {
            const point = { type: 'insights', metric, segment, bucket, compared } as const;
            const own = operand === null ? point : { ...point, operand };
            if (segment?.type !== 'other') return own;
            return { ...own, beside: segmentsBeside(series, metric) };
          }),
        ),
    ),
  );
}

/** A distribution is nothing in the row of all others, which a formula may have all the same. */
function hasOthers({ metrics }: InsightsQuery, metric: number): boolean {
  const own = metrics[metric];
  if (!('selector' in own)) return true;
  const { measure } = own;
  return !('over' in measure ? measure.over : measure).type.includes('distribution');
}

/** Of a formula the metrics that it is made of, each of which has a list; null = it is a metric. */
function operandsOf({ metrics, formulas }: InsightsQuery, metric: number): (number | null)[] {
  if (metric < metrics.length) return [null];
  const letters = formulas[metric - metrics.length].expression.match(/[A-Z]/g) ?? [];
  return [...new Set(letters.map((letter) => letter.charCodeAt(0) - 65))].filter(
    (operand) => operand < metrics.length,
  );
}

/** The segments of a metric that came back by themselves. */
export function segmentsBeside(series: InsightsResult['series'], metric: number): Segment[] {
  return series.flatMap((own) =>
    own.metric === metric && own.segment !== null && own.segment.type !== 'other'
      ? [own.segment]
      : [],
  );
}

function segmentsOf({ segments }: { segments: readonly { segment: Segment }[] }) {
  return [null, ...segments.map(({ segment }) => segment)];
}

/** Of the row of all others: the segments that came back. */
function besideOf(
  segment: Segment | null,
  segments: readonly { segment: Segment }[],
): { beside?: Segment[] } {
  if (segment?.type !== 'other') return {};
  const own = segments.map((one) => one.segment).filter(({ type }) => type !== 'other');
  return { beside: own };
}

type FunnelSide = Omit<FunnelResult, 'type' | 'comparison'>;

function funnelPoints(query: FunnelQuery, result: FunnelResult): ListPoint[] {
  const { comparison } = result;
  const own = pointsOfSide(query, result);
  if (comparison === undefined) return own;
  const compared = pointsOfSide(query, comparison).map((point) => ({ ...point, compared: true }));
  return [...own, ...compared];
}

function pointsOfSide(query: FunnelQuery, side: FunnelSide): PointOf<'funnel'>[] {
  const { segments, byEntry } = side;
  const whole = segmentsOf(side).flatMap((segment) =>
    stepPoints(side, { segment, bucket: null, ...besideOf(segment, segments) }),
  );
  const entered = byEntry?.segments ?? [];
  const entries = [null, ...entered.map(({ segment }) => segment)].flatMap((segment) =>
    [...(byEntry?.buckets.keys() ?? [])].flatMap((bucket) =>
      stepPoints(side, { segment, bucket, ...besideOf(segment, entered) }),
    ),
  );
  return [...whole, ...entries, ...attemptPoints(query, side)];
}

type Placed = Pick<PointOf<'funnel'>, 'segment' | 'bucket' | 'beside'>;

function stepPoints({ steps }: FunnelSide, place: Placed): PointOf<'funnel'>[] {
  return steps.flatMap((_, step): PointOf<'funnel'>[] => {
    const reached = { type: 'funnel', step, outcome: 'reached', ...place } as const;
    return step === 0 ? [reached] : [reached, { ...reached, outcome: 'dropped' }];
  });
}

/** Who is still under way, took so long, or went that way. */
function attemptPoints(
  { distribution, steps: all }: FunnelQuery,
  { distribution: spread, paths = [] }: FunnelSide,
): PointOf<'funnel'>[] {
  const at = (step: number) =>
    ({ type: 'funnel', step, outcome: 'reached', segment: null, bucket: null }) as const;
  const bins = (spread?.bins ?? []).map(({ startMs, endMs }): PointOf<'funnel'> => {
    const { from = 0, to = 0 } = distribution ?? {};
    return { ...at(to), took: { from, startMs, endMs } };
  });
  const ways = paths.flatMap(({ steps }): PointOf<'funnel'>[] => [
    ...(steps.length < all.length
      ? [{ ...at(steps.length), outcome: 'dropped' as const, path: steps }]
      : []),
    ...steps.map((_, i) => ({ ...at(i), path: steps.slice(0, i + 1) })),
  ]);
  return [{ ...at(0), outcome: 'open' }, ...bins, ...ways];
}

function retentionPoints(result: RetentionResult): ListPoint[] {
  const { comparison } = result;
  const own = tablePoints(result);
  if (comparison === undefined) return own;
  return [...own, ...tablePoints(comparison).map((point) => ({ ...point, compared: true }))];
}

type RetentionSide = Omit<RetentionResult, 'type' | 'comparison'>;

function tablePoints(side: RetentionSide): PointOf<'retention'>[] {
  return segmentsOf(side).flatMap((segment) => {
    const place = { segment, ...besideOf(segment, side.segments) };
    const intervals = [...(side.cohorts[0]?.counts.keys() ?? [])];
    return [null, ...side.cohorts.keys()].flatMap((cohort) =>
      [null, ...intervals].flatMap((interval): PointOf<'retention'>[] => {
        const point = { type: 'retention', cohort, interval, ...place } as const;
        if (interval === null) return [{ ...point, outcome: 'retained' }];
        return [
          { ...point, outcome: 'retained' },
          { ...point, outcome: 'lost' },
        ];
      }),
    );
  });
}

function flowPoints(result: FlowResult, segment: Segment | null): ListPoint[] {
  const { steps = [], anchors = [], paths = [] } = graphAt(result, segment) ?? {};
  const places = steps.flatMap(({ anchor, step, nodes, links }): PointOf<'flow'>[] => {
    const at = { type: 'flow', anchor, step, segment } as const;
    return [
      { ...at, node: null, link: null },
      ...nodes.map(({ key }) => ({ ...at, node: key, link: null })),
      ...links.map(({ from, to }) => ({ ...at, node: to, link: from })),
    ];
  });
  const reached = anchors.map((_, anchor): PointOf<'flow'> => {
    return { type: 'flow', anchor, step: 0, node: null, link: null, outcome: 'reached', segment };
  });
  const ways = paths.flatMap(({ events, values }): PointOf<'flow_path'>[] => {
    const upTo = (length: number) => ({
      type: 'flow_path' as const,
      segment,
      events: events.slice(0, length),
      ...(values && { values: values.slice(0, length) }),
    });
    return [
      { ...upTo(events.length), outcome: 'whole' },
      { ...upTo(events.length), outcome: 'converted' },
      ...events.map((_, i) => ({ ...upTo(i + 1), outcome: 'begins' as const })),
    ];
  });
  return [...places, ...reached, ...ways];
}
