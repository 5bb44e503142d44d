import type { Segment } from '@arbor/schema/result';
import type { DrillActions, DrillList, DrillTarget, ListedNumber } from '#report/listed-number.ts';
import { segmentDrill } from '#report/segment-drill.ts';
import { segmentKey, segmentName } from '#report/segment.ts';
import { isOfTime, timeOf } from './compare.ts';
import type { InsightsView, SeriesView } from './model.ts';
import { askedMetrics, metricLetter, type InsightsState } from './state.ts';

export type DrillPlace = {
  readonly view: InsightsView;
  readonly row: SeriesView;
  /** Null: the number over the whole range. */
  readonly bucket: number | null;
  /** The number is of the time that the report is compared with. */
  readonly compared?: boolean;
};

/** What is behind a number of the report; null where it has no value, or nothing counts in it. */
export function insightsDrill(
  { view, row, bucket, compared = false }: DrillPlace,
  state: InsightsState,
): DrillTarget | null {
  const numbers = compared ? row.past : row;
  const value = (bucket === null ? numbers?.total : numbers?.values[bucket]) ?? null;
  if (value === null || (value === 0 && row.counts !== null)) return null;
  const segment = row.segment === null ? [] : [row.segment];
  const buckets = compared ? (view.pastBuckets ?? []) : view.buckets;
  const when = bucket === null ? (compared ? ['before'] : []) : [buckets[bucket]?.title ?? ''];
  const title = [row.metric, ...segment, ...when].join(', ');
  const point: ListedNumber['point'] = {
    type: 'insights',
    metric: row.position,
    segment: row.point,
    bucket,
    compared,
  };
  return {
    title,
    value,
    lists:
      row.operands === null
        ? listsOf({ title, point }, row.counts, value)
        : row.operands.flatMap((operand) => operandLists({ title, point }, operand, state)),
    segment: row.point,
  };
}

type Listable = Pick<ListedNumber, 'title' | 'point'>;

function listsOf(
  { title, point }: Listable,
  counts: SeriesView['counts'],
  value: number,
): readonly DrillList[] {
  return (['users', 'events'] as const).map((what) => ({
    label: what === 'users' ? 'View users' : 'View events',
    count: counts === what ? value : null,
    what,
    title,
    point,
  }));
}

/** A formula has no list by itself, but one for each metric that it reads (`reports.md` 4.6). */
function operandLists(
  { title, point }: Listable,
  operand: number,
  state: InsightsState,
): readonly DrillList[] {
  const position = askedMetrics(state)[operand]?.position;
  if (position === undefined || point.type !== 'insights') return [];
  const letter = metricLetter(position);
  return (['users', 'events'] as const).map((what) => ({
    label: `View ${what} of ${letter}`,
    count: null,
    what,
    title: `${title}: ${letter}`,
    point: { ...point, operand },
  }));
}

/** What the menu of a number does to the report. */
export function insightsActions(
  segment: Segment | null,
  state: InsightsState,
  onChange: (change: Partial<InsightsState>) => void,
): DrillActions {
  const { compare } = state;
  const as = compare === null || isOfTime(compare) ? 'percent' : compare.as;
  // Of another breakdown nothing that was chosen among the segments of this one means anything.
  const reset = { compare: timeOf(compare), selected: null, sort: null };
  return {
    ...segmentDrill(segment, state, (change) =>
      onChange(change.breakdowns === undefined ? change : { ...change, ...reset }),
    ),
    ...(segment === null
      ? {}
      : {
          compare: () =>
            onChange({
              compare: {
                type: 'segment',
                key: segmentKey(segment),
                name: segmentName(segment),
                as,
              },
            }),
        }),
  };
}
