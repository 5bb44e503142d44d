import type { DrillTarget, ListedNumber } from '#report/listed-number.ts';
import { segmentFilter } from '#report/segment-filter.ts';
import type { InsightsView, SeriesView } from './model.ts';
import type { InsightsState } from './state.ts';

export type DrillPlace = {
  readonly view: InsightsView;
  readonly row: SeriesView;
  /** Null: the number over the whole range. */
  readonly bucket: number | null;
};

/** What is behind a number of the report; null where it has no value, or nothing counts in it. */
export function insightsDrill(
  { view, row, bucket }: DrillPlace,
  state: InsightsState,
  onChange: (change: Partial<InsightsState>) => void,
): DrillTarget | null {
  const value = (bucket === null ? row.total : row.values[bucket]) ?? null;
  if (value === null || (value === 0 && row.counts !== null)) return null;
  const segment = row.segment === null ? [] : [row.segment];
  const when = bucket === null ? [] : [view.buckets[bucket]?.title ?? ''];
  const title = [row.metric, ...segment, ...when].join(', ');
  const point: ListedNumber['point'] = {
    type: 'insights',
    metric: row.position,
    segment: row.point,
    bucket,
    compared: false,
  };
  const narrow = narrowing(row, state, onChange);
  return {
    title,
    value,
    lists: (['users', 'events'] as const).map((what) => ({
      label: what === 'users' ? 'View users' : 'View events',
      count: row.counts === what ? value : null,
      what,
      title,
      point,
    })),
    ...(narrow === null ? {} : { narrow }),
  };
}

function narrowing(
  { point }: SeriesView,
  { breakdown, filters }: InsightsState,
  onChange: (change: Partial<InsightsState>) => void,
): NonNullable<DrillTarget['narrow']> | null {
  if (point === null || breakdown === null) return null;
  const only = segmentFilter(breakdown, point, true);
  const without = segmentFilter(breakdown, point, false);
  if (only === null || without === null) return null;
  return {
    only: () => onChange({ filters: [...filters, only] }),
    without: () => onChange({ filters: [...filters, without] }),
  };
}
