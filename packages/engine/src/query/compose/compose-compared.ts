import type { Comparison, FunnelQuery, RetentionQuery } from '@arbor/schema/query';
import type { FunnelResult, QueryResult, RetentionResult } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';
import { planAxis } from '../plan/axis.ts';
import { comparedFunnel, comparedRetention } from '../plan/compared-report.ts';
import type { PlanScope } from '../plan/plan-scope.ts';
import { askAll, askThen, resultOf } from './ask.ts';
import type { Ask, ComposeStep } from './ask.ts';
import { inOrder, lacksSegments, unitedSegments } from './compared-segments.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;
type FunnelFields = Omit<FunnelResult, 'type' | 'comparison'>;
type Entries = NonNullable<FunnelResult['byEntry']>;
type RetentionFields = Omit<RetentionResult, 'type' | 'comparison'>;
type Cohorts = RetentionResult['cohorts'];

/** A funnel beside the same of another time (3.9): steps, segments and buckets of entry. */
export function composeComparedFunnel(
  now: FunnelQuery,
  compare: Comparison,
  scope: TimeScope,
): ComposeStep {
  const { query: past, moved } = comparedFunnel(now, compare, scope);
  const isSegmented = now.breakdowns.length > 0 || now.compareEvents !== undefined;
  return askThen(askAll([askFunnel(now), askFunnel(past)]), ([own, then]) => {
    const whole = unitedSegments(now, own.segments, then.segments);
    const entries = unitedSegments(now, entriesOf(own), entriesOf(then));
    const again = (query: FunnelQuery, first: FunnelResult) => [
      lacksSegments(query, whole, first.segments)
        ? askFunnel({ ...query, segments: whole })
        : known(first),
      lacksSegments(query, entries, entriesOf(first))
        ? askFunnel({ ...query, segments: entries })
        : known(first),
    ];
    const beyond = moved?.beyond ?? null;
    const after =
      beyond === null
        ? known(null)
        : askFunnel({ ...beyond, ...(isSegmented && { segments: entries }) });
    const asks = askAll<FunnelResult | null>([...again(now, own), ...again(past, then), after]);
    return askThen(asks, ([nowWhole, nowEntries, thenWhole, thenEntries, later]) => {
      const side = (first: FunnelResult, all: FunnelResult | null, split: FunnelResult | null) => {
        const { type: _, comparison: __, ...fields } = first;
        const byEntry = split?.byEntry;
        return {
          ...fields,
          segments: inOrder(whole, all?.segments ?? []),
          ...(byEntry && {
            byEntry: {
              ...byEntry,
              ...(byEntry.segments && { segments: inOrder(entries, byEntry.segments) }),
            },
          }),
        };
      };
      const [range] = planAxis({ range: past.range, unit: 'total' }, scope).buckets;
      const beside = side(then, thenWhole, thenEntries);
      const comparison = moved === null ? beside : movedTrend(beside, later, moved.places);
      const result = { type: 'funnel' as const, ...side(own, nowWhole, nowEntries) };
      return { type: 'answer', result: { ...result, comparison: { range, ...comparison } } };
    });
  });
}

/** A retention beside the same of another time (3.9), cohort beside cohort. */
export function composeComparedRetention(
  now: RetentionQuery,
  compare: Comparison,
  scope: TimeScope,
): ComposeStep {
  const { query: past, moved } = comparedRetention(now, compare, scope);
  return askThen(askAll([askRetention(now), askRetention(past)]), ([own, then]) => {
    const segments = unitedSegments(now, own.segments, then.segments);
    const again = (query: RetentionQuery, first: RetentionResult) =>
      lacksSegments(query, segments, first.segments)
        ? askRetention({ ...query, segments })
        : known(first);
    const beyond = moved?.beyond ?? null;
    const after =
      beyond === null
        ? known(null)
        : askRetention({ ...beyond, ...(now.breakdowns.length > 0 && { segments }) });
    const asks = askAll<RetentionResult | null>([again(now, own), again(past, then), after]);
    return askThen(asks, ([nowAll, thenAll, later]) => {
      const side = (first: RetentionResult, all: RetentionResult | null): RetentionFields => {
        const { type: _, comparison: __, ...fields } = first;
        return { ...fields, segments: inOrder(segments, all?.segments ?? []) };
      };
      const beside = side(then, thenAll);
      const comparison =
        moved === null ? beside : movedCohorts(beside, later, moved.places, now.measure.type);
      return { type: 'answer', result: { type: 'retention', ...side(own, nowAll), comparison } };
    });
  });
}

function askFunnel(query: FunnelQuery): Ask<FunnelResult> {
  return { queries: [query], read: ([result]) => resultOf(result, 'funnel') };
}

function askRetention(query: RetentionQuery): Ask<RetentionResult> {
  return { queries: [query], read: ([result]) => resultOf(result, 'retention') };
}

/** What is answered already. */
function known<Result extends QueryResult | null>(result: Result): Ask<Result> {
  return { queries: [], read: () => result };
}

function entriesOf({ byEntry }: FunnelResult): NonNullable<Entries['segments']> {
  return byEntry?.segments ?? [];
}

/** The points of a trend, each at the place that it was moved to: among its own buckets, or those after them. */
function movedTrend(
  fields: FunnelFields,
  later: FunnelResult | null,
  places: readonly number[],
): FunnelFields {
  const { byEntry } = fields;
  if (byEntry === undefined) return fields;
  const after = later?.byEntry;
  const bySegment = new Map(
    (after?.segments ?? []).map(({ segment, counts }) => [segmentKey(segment), counts]),
  );
  // Nobody entered in a segment that has no line there.
  const none = (after?.counts ?? []).map((steps) => steps.map(() => 0));
  return {
    ...fields,
    byEntry: {
      buckets: picked([...byEntry.buckets, ...(after?.buckets ?? [])], places),
      counts: picked([...byEntry.counts, ...(after?.counts ?? [])], places),
      ...(byEntry.segments && {
        segments: byEntry.segments.map(({ segment, counts }) => ({
          segment,
          counts: picked([...counts, ...(bySegment.get(segmentKey(segment)) ?? none)], places),
        })),
      }),
    },
  };
}

/** The cohorts of the points that were moved; the average is that of the time as it is. */
function movedCohorts(
  fields: RetentionFields,
  later: RetentionResult | null,
  places: readonly number[],
  measure: RetentionQuery['measure']['type'],
): RetentionFields {
  // The first one is the whole of the time before them.
  const after = later?.cohorts.slice(1) ?? [];
  const bySegment = new Map(
    (later?.segments ?? []).map((own) => [segmentKey(own.segment), own.cohorts.slice(1)]),
  );
  const none: Cohorts = after.map((cohort) => ({
    ...cohort,
    size: 0,
    counts: cohort.counts.map((count) => (count === null || measure === 'average' ? null : 0)),
  }));
  return {
    ...fields,
    cohorts: picked([...fields.cohorts, ...after], places),
    segments: fields.segments.map((own) => ({
      ...own,
      cohorts: picked(
        [...own.cohorts, ...(bySegment.get(segmentKey(own.segment)) ?? none)],
        places,
      ),
    })),
  };
}

function picked<T>(all: readonly T[], places: readonly number[]): T[] {
  return places.map((place) => all[place]);
}
