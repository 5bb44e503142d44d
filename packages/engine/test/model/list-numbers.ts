import type { ListPoint } from '@arbor/schema/query';
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

/** The numbers of answers at the points that name them (4.6). */

export type PointOf<T extends ListPoint['type']> = Extract<ListPoint, { type: T }>;
type SegmentPoint = PointOf<'insights'>['segment'];

/** The number at a point; 0 where the answer does not have it. */
export function numberAt(result: QueryResult, point: ListPoint): number {
  switch (point.type) {
    case 'insights':
      return result.type === 'insights' ? valueAt(result, point) : 0;
    case 'funnel':
      return result.type === 'funnel' ? attemptsAt(result, point) : 0;
    case 'retention':
      return result.type === 'retention' ? cellAt(result, point) : 0;
    case 'frequency':
      return result.type === 'frequency' ? frequencyAt(result, point) : 0;
    case 'flow':
      return result.type === 'flow' ? flowAt(result, point) : 0;
    case 'flow_path':
      return result.type === 'flow' ? flowPathAt(result, point) : 0;
    case 'cohort': {
      if (result.type !== 'cohort') return 0;
      return point.bucket === null ? result.users : (result.sizes?.users[point.bucket] ?? 0);
    }
  }
}

function valueAt(result: InsightsResult, point: PointOf<'insights'>): number {
  const { metric, segment, bucket, compared } = point;
  const series = compared ? result.comparison?.series : result.series;
  const line = series?.find((own) => own.metric === metric && isSegment(own.segment, segment));
  return (bucket === null ? line?.total : line?.values[bucket]) ?? 0;
}

type FunnelSide = Omit<FunnelResult, 'type' | 'comparison'>;

function attemptsAt(result: FunnelResult, point: PointOf<'funnel'>): number {
  const side = point.compared === true ? result.comparison : result;
  if (side === undefined) return 0;
  if (point.outcome === 'open') return side.stillOpen;
  if (point.took !== undefined) {
    const { startMs } = point.took;
    return side.distribution?.bins.find((bin) => bin.startMs === startMs)?.count ?? 0;
  }
  return point.path === undefined ? stepAt(side, point) : pathAt(side, point, point.path);
}

function stepAt(side: FunnelSide, { segment, step, outcome, bucket }: PointOf<'funnel'>): number {
  const { byEntry } = side;
  const steps =
    bucket === null
      ? own(side, segment)?.steps.map(({ count }) => count)
      : segment === null
        ? byEntry?.counts[bucket]
        : byEntry?.segments?.find((one) => isSegment(one.segment, segment))?.counts[bucket];
  const count = steps?.[step] ?? 0;
  return outcome === 'reached' ? count : (steps?.[step - 1] ?? 0) - count;
}

function pathAt(
  { paths = [] }: FunnelSide,
  { outcome }: PointOf<'funnel'>,
  path: readonly number[],
): number {
  const begins = paths.find(({ steps }) => path.every((step, i) => steps[i] === step));
  if (outcome === 'reached') return begins?.prefixCounts[path.length - 1] ?? 0;
  return paths.find(({ steps }) => steps.join() === path.join())?.count ?? 0;
}

function cellAt(result: RetentionResult, point: PointOf<'retention'>): number {
  const { segment, cohort, interval, outcome } = point;
  const side = point.compared === true ? result.comparison : result;
  const table = side && own(side, segment)?.cohorts;
  const rows = cohort === null ? table : table?.slice(cohort, cohort + 1);
  const numbers = (rows ?? []).map(({ size, counts }) => {
    if (interval === null) return size;
    const retained = counts[interval];
    // Nobody came back in a time that has not begun, and nobody is lost there.
    if (retained === null || retained === undefined) return 0;
    return outcome === 'retained' ? retained : size - retained;
  });
  return numbers.reduce((sum, number) => sum + number, 0);
}

function frequencyAt(result: FrequencyResult, { segment, bucket, times }: PointOf<'frequency'>) {
  return own(result, segment)?.rows[bucket]?.counts[times - 1] ?? 0;
}

function flowAt(result: FlowResult, point: PointOf<'flow'>): number {
  const { segment, anchor, step, node, link, outcome } = point;
  const graph = graphAt(result, segment);
  if (outcome === 'reached') return graph?.anchors[anchor] ?? 0;
  const place = graph?.steps.find((one) => one.anchor === anchor && one.step === step);
  if (link !== null) {
    return place?.links.find(({ from, to }) => from === link && to === node)?.count ?? 0;
  }
  if (node === null) return place?.dropOff ?? 0;
  return place?.nodes.find(({ key }) => key === node)?.count ?? 0;
}

function flowPathAt(result: FlowResult, point: PointOf<'flow_path'>): number {
  const { segment, events, values = [], outcome } = point;
  const paths = graphAt(result, segment)?.paths ?? [];
  const begins = paths.filter((path) =>
    events.every(
      (event, i) =>
        path.events[i] === event && isSegment(path.values?.[i] ?? null, values[i] ?? null),
    ),
  );
  if (outcome === 'begins') return begins[0]?.prefixCounts[events.length - 1] ?? 0;
  const whole = begins.find((path) => path.events.length === events.length);
  return (outcome === 'whole' ? whole?.count : whole?.converted) ?? 0;
}

export function graphAt(result: FlowResult, segment: SegmentPoint): FlowGraph | undefined {
  return own(result, segment);
}

/** What a result says of a segment, or of everything. */
function own<S extends { readonly segment: Segment }>(
  result: Omit<S, 'segment' | 'significance'> & { readonly segments: readonly S[] },
  segment: SegmentPoint,
): Omit<S, 'segment' | 'significance'> | undefined {
  if (segment === null) return result;
  return result.segments.find((one) => isSegment(one.segment, segment));
}

export function isSegment(left: Segment | null, right: SegmentPoint): boolean {
  if (left === null || right === null) return left === right;
  return same(left, right as Segment);
}
