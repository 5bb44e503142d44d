import type { InsightsResult, Segment } from '@arbor/schema/result';
import type { TimeUnit } from '@arbor/schema/query';
import { assignColours, chartColour } from '#charts/palette.ts';
import type { ChartBucket } from '#charts/series.ts';
import type { CsvValue } from '#format/csv.ts';
import { changeOf, changeText, formatNumber, formatPercent } from '#format/number.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import { heldAgainst, isOfTime, type CompareState } from './compare.ts';
import type { AskedFormula } from './formula.ts';
import { addDays, type CalendarDate } from '#report/calendar-date.ts';
import type { DayRange } from '#report/range.ts';
import { askedBreakdowns, breakdownLabel, type BreakdownState } from '#report/breakdown.ts';
import { segmentKey, segmentName, segmentParts } from '#report/segment.ts';
import {
  metricLabel,
  metricLetter,
  needsProperty,
  type AskedMetric,
  type InsightsState,
  type MeasureType,
} from './state.ts';

/** One row of the table; those that are drawn are a line, a column part or a bar of the chart. */
export type SeriesView = {
  readonly key: string;
  /** Place of the metric in the query; formulas follow the metrics. */
  readonly position: number;
  /** Of a formula: the metrics of the query that it reads. */
  readonly operands: readonly number[] | null;
  readonly letter: string;
  readonly metric: string;
  /** Null: over all segments. */
  readonly segment: string | null;
  /** One name for each breakdown; none over all segments. */
  readonly parts: readonly string[];
  /** The same as queries name it. */
  readonly point: Segment | null;
  /** What the number is a number of; null: of neither, such as a sum. */
  readonly counts: 'users' | 'events' | null;
  /** Metric and segment as far as they are needed to tell it from the others. */
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
  /** Over the whole range: unique users counted once, not the sum of the buckets (UX-T2). */
  readonly total: number | null;
  /** Mean of the buckets' values. */
  readonly average: number | null;
  /** The same about the time that the report is compared with. */
  readonly past: {
    readonly values: readonly (number | null)[];
    readonly total: number | null;
  } | null;
  /** Segments add up to the overall row. */
  readonly additive: boolean;
  readonly drawn: boolean;
};

export type InsightsView = {
  /** The local day that each bucket begins on. */
  readonly starts: readonly CalendarDate[];
  readonly buckets: readonly ChartBucket[];
  /** What the buckets are compared with, one beside the other; null without a comparison with the past. */
  readonly pastBuckets: readonly { readonly title: string }[] | null;
  /** Values are shares of what they are held against. */
  readonly isPercent: boolean;
  readonly rows: readonly SeriesView[];
  readonly hasSegments: boolean;
  /** What the report is split by, for the columns of the table. */
  readonly breakdowns: readonly string[];
  /** Largest number of segments of one metric, and how many of them are drawn. */
  readonly segmentCount: number;
  readonly returnedCount: number;
  readonly empty: boolean;
};

/** Drawn unless others were chosen (UX-C2). */
export const defaultDrawnMax = 12;

export type ViewInput = {
  readonly result: InsightsResult;
  readonly metrics: readonly AskedMetric[];
  readonly formulas: readonly AskedFormula[];
  readonly compare: CompareState | null;
  readonly breakdowns: readonly BreakdownState[];
  readonly selected: InsightsState['selected'];
  readonly unit: TimeUnit;
  /** Values are worked out of several buckets: they count nobody by themselves. */
  readonly analysed?: boolean;
};

export function insightsView(input: ViewInput): InsightsView {
  const { result, selected, unit, compare } = input;
  const hasSegments = result.series.some(({ segment }) => segment !== null);
  const keys = result.series.map(({ metric, segment }) => seriesKey(metric, segment));
  const drawable = keys.filter(
    (_, index) => !hasSegments || result.series[index]?.segment !== null,
  );
  const drawn = new Set(selected ?? defaultSelection(result, drawable, hasSegments));
  const colours = hasSegments
    ? assignColours(drawable)
    : new Map(drawable.map((key, index) => [key, index]));
  const past = new Map(
    result.comparison?.series.map((each) => [seriesKey(each.metric, each.segment), each]),
  );
  const measured = measuredThings(input);
  const isSeveral = measured.length > 1;

  const rows = result.series.flatMap((series, index): SeriesView[] => {
    const thing = measured[series.metric];
    const key = keys[index];
    if (thing === undefined || key === undefined) return [];
    const segment = series.segment === null ? null : segmentName(series.segment);
    return [
      {
        ...thing,
        key,
        position: series.metric,
        segment,
        parts: series.segment === null ? [] : segmentParts(series.segment),
        point: series.segment,
        name: nameOf(thing.metric, segment, isSeveral, hasSegments),
        colour: chartColour(colours.get(key) ?? 0),
        values: series.values,
        total: series.total,
        average: mean(series.values),
        past: past.get(key) ?? null,
        drawn: drawn.has(key),
      },
    ];
  });
  return {
    starts: result.buckets.map(({ start }) => start.slice(0, 10)),
    buckets: result.buckets.map(({ start, incomplete }) => ({
      label: bucketLabel(start, unit),
      title: bucketTitle(start, unit),
      incomplete,
    })),
    pastBuckets:
      result.comparison?.buckets.map(({ start }) => ({ title: bucketTitle(start, unit) })) ?? null,
    isPercent: compare !== null && !isOfTime(compare) && compare.as === 'percent',
    rows: compareRows(rows, compare),
    hasSegments,
    breakdowns: hasSegments ? askedBreakdowns(input.breakdowns).map(breakdownLabel) : [],
    segmentCount: Math.max(0, ...result.segmentCounts),
    returnedCount: rows.filter((row) => row.segment !== null).length,
    empty: result.series.every(({ values, total }) => isNothing(total) && values.every(isNothing)),
  };
}

type Measured = Pick<SeriesView, 'letter' | 'metric' | 'counts' | 'additive' | 'operands'>;

/** What the series of the answer are of, by their number: metrics, then formulas. */
function measuredThings({ metrics, formulas, analysed = false }: ViewInput): readonly Measured[] {
  const ofMetrics = metrics.map(({ position, metric }): Measured => {
    const { type } = metric.measure;
    return {
      letter: metricLetter(position),
      metric: metricLabel(metric),
      counts: analysed ? null : countedBy(type),
      additive: type === 'total' || type === 'sum',
      operands: null,
    };
  });
  const ofFormulas = formulas.map(({ name, operands }): Measured => {
    return { letter: 'ƒ', metric: name, counts: null, additive: false, operands };
  });
  return [...ofMetrics, ...ofFormulas];
}

/** Each value held against that of the chosen segment, or of all together, of the same metric (`ux.md` 5.3). */
function compareRows(
  rows: readonly SeriesView[],
  compare: CompareState | null,
): readonly SeriesView[] {
  if (compare === null || isOfTime(compare)) return rows;
  const { as } = compare;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return rows.map((row) => {
    const reference = byKey.get(
      compare.type === 'overall' ? `${row.position}` : `${row.position}:${compare.key}`,
    );
    return {
      ...row,
      counts: null,
      additive: false,
      values: row.values.map((value, at) => heldAgainst(value, reference?.values[at] ?? null, as)),
      total: heldAgainst(row.total, reference?.total ?? null, as),
      average: heldAgainst(row.average, reference?.average ?? null, as),
    };
  });
}

/** Rows of segments whose names hold the text, and those over all segments (UX-T6). */
export function foundRows(
  { rows }: Pick<InsightsView, 'rows'>,
  text: string,
): readonly SeriesView[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter(({ segment }) => segment?.toLowerCase().includes(wanted) ?? true);
}

/** What charts draw of the rows that are chosen: their figures, and how these have changed. */
export function chartEntries(view: InsightsView, rows: readonly SeriesView[]) {
  const format = formatOf(view);
  return rows.map(({ key, name, colour, values, total, past }) => ({
    key,
    name,
    colour,
    values,
    value: total,
    text: format(total),
    ...(past === null
      ? {}
      : {
          past: past.values,
          note: `${changeText(changeOf(total, past.total))}, before ${format(past.total)}`,
        }),
  }));
}

/** The days of some buckets, one after the other; the last one ends where the next would begin. */
export function daysOf(
  { starts }: Pick<InsightsView, 'starts'>,
  { from, to, end }: { readonly from: number; readonly to: number; readonly end: CalendarDate },
): DayRange | null {
  const [first, last, next] = [starts[from], starts[to], starts[to + 1]];
  if (first === undefined || last === undefined) return null;
  if (next === undefined) return { from: first, to: end };
  // Hours of one day: the next of them begins on the same day, and a range is of whole days.
  return { from: first, to: next === last ? last : addDays(next, -1) };
}

/** What the chart over time says about the time before. */
export function pastTitlesOf({ pastBuckets }: InsightsView): { pastTitles?: readonly string[] } {
  return pastBuckets === null ? {} : { pastTitles: pastBuckets.map(({ title }) => title) };
}

/** How the values of the view are written. */
export function formatOf({ isPercent }: InsightsView): (value: number | null) => string {
  return isPercent ? formatPercent : formatNumber;
}

function countedBy(type: MeasureType): SeriesView['counts'] {
  if (type === 'total') return 'events';
  return needsProperty(type) || type === 'sessions' ? null : 'users';
}

/** Position of the metric in the query, and the segment with its type: "1" and 1 are two segments. */
export function seriesKey(metric: number, segment: Segment | null): string {
  return segment === null ? `${metric}` : `${metric}:${segmentKey(segment)}`;
}

/** The largest segments of each metric, as many as fit; the server sends the best first. */
function defaultSelection(
  result: InsightsResult,
  drawable: readonly string[],
  hasSegments: boolean,
): readonly string[] {
  if (!hasSegments) return drawable;
  const metricCount = new Set(result.series.map(({ metric }) => metric)).size;
  const each = Math.max(1, Math.floor(defaultDrawnMax / metricCount));
  const taken = new Map<number, number>();
  return result.series.flatMap(({ metric, segment }) => {
    const count = taken.get(metric) ?? 0;
    if (segment === null || count >= each) return [];
    taken.set(metric, count + 1);
    return [seriesKey(metric, segment)];
  });
}

function nameOf(
  metric: string,
  segment: string | null,
  severalMetrics: boolean,
  hasSegments: boolean,
): string {
  if (segment === null) return hasSegments ? `${metric}, overall` : metric;
  return severalMetrics ? `${segment} · ${metric}` : segment;
}

function isNothing(value: number | null): boolean {
  return value === null || value === 0;
}

function mean(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** A column for each of several breakdowns. */
function segmentHeaders({ breakdowns, hasSegments }: InsightsView): readonly string[] {
  if (breakdowns.length > 1) return breakdowns;
  return hasSegments ? ['Segment'] : [];
}

/** Everything the answer holds, drawn or not. */
export function insightsCsv(view: InsightsView): readonly (readonly CsvValue[])[] {
  const header = [
    'Metric',
    ...segmentHeaders(view),
    'Total over range',
    ...(view.pastBuckets === null ? [] : ['Total before']),
    ...view.buckets.map((bucket) => bucket.title),
    ...(view.pastBuckets ?? []).map((bucket) => `Before: ${bucket.title}`),
  ];
  const rows = view.rows.map((row) => [
    row.metric,
    ...(view.breakdowns.length > 1
      ? view.breakdowns.map((_, at) => row.parts[at] ?? 'Overall')
      : segmentHeaders(view).map(() => row.segment ?? 'Overall')),
    row.total,
    ...(view.pastBuckets === null ? [] : [row.past?.total ?? null]),
    ...row.values,
    ...(view.pastBuckets ?? []).map((_, at) => row.past?.values[at] ?? null),
  ]);
  return [header, ...rows];
}
