import type { RetentionResult, Segment } from '@arbor/schema/result';
import { assignColours, chartColour } from '#charts/palette.ts';
import type { ChartBucket, ChartSeries } from '#charts/series.ts';
import { bucketLabel, bucketTitle } from '#format/bucket.ts';
import type { CsvValue } from '#format/csv.ts';
import { formatNumber, formatPercent } from '#format/number.ts';
import { segmentKey, segmentName } from '#report/segment.ts';
import { bracketSpans, spanText, type Brackets } from './brackets.ts';
import type { RetentionUnit, Shown } from './state.ts';

export type CellView = {
  readonly count: number;
  readonly rate: number | null;
  /** The interval had not ended for everybody when the query ran: not part of the average. */
  readonly complete: boolean;
};

export type CohortView = {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly size: number;
  /** Null: lies wholly in the future. */
  readonly cells: readonly (CellView | null)[];
};

export type TableView = {
  readonly key: string;
  readonly name: string;
  /** The segment as queries name it; null: all users. */
  readonly point: Segment | null;
  readonly colour: string;
  /** Null: no cohort was complete. */
  readonly size: number | null;
  readonly averageRates: readonly (number | null)[];
  readonly averageCounts: readonly (number | null)[];
  /** The averages of the time that the report is compared with; null where it is compared with none. */
  readonly past: PastAverage | null;
  readonly cohorts: readonly CohortView[];
};

export type PastAverage = Pick<TableView, 'size' | 'averageRates' | 'averageCounts'>;

export type RetentionView = {
  readonly intervals: readonly string[];
  readonly overall: TableView;
  readonly segments: readonly TableView[];
  readonly segmentCount: number;
  readonly empty: boolean;
  /** Users came, but no interval is over yet (UX-RE11). */
  readonly tooEarly: boolean;
};

/** Lines beyond these could not be told apart. */
export const drawnMax = 12;

export const overallKey = 'overall';

export function retentionView(
  result: RetentionResult,
  unit: RetentionUnit,
  mode: 'rolling' | 'calendar',
  brackets: Brackets | null = null,
): RetentionView {
  const intervalCount = result.average.rates.length;
  const keys = result.segments.map(({ segment }) => segmentKey(segment));
  const colours = assignColours(keys);
  const { comparison } = result;
  const past = new Map(comparison?.segments.map((each) => [segmentKey(each.segment), each]));
  const overall = tableView(result, unit, {
    past: pastOf(comparison),
    key: overallKey,
    name: 'All users',
    point: null,
    colour: chartColour(0),
  });
  return {
    intervals:
      brackets === null
        ? Array.from({ length: intervalCount }, (_, n) => intervalLabel(n, unit, mode))
        : bracketSpans(brackets).map((span) => bracketLabel(span, unit, mode)),
    overall,
    segments: result.segments.map((table, index) => {
      const key = keys[index] ?? '';
      return tableView(table, unit, {
        past: pastOf(past.get(key)),
        key,
        name: segmentName(table.segment),
        point: table.segment,
        colour: chartColour(colours.get(key) ?? 0),
      });
    }),
    segmentCount: result.segmentCount,
    empty: overall.cohorts.every(({ size }) => size === 0),
    tooEarly: overall.averageRates.every((rate) => rate === null),
  };
}

/** Rolling windows begin at each user's own first event: the first is "< 1 day" (`reports.md` 6.1). */
export function intervalLabel(
  n: number,
  unit: RetentionUnit,
  mode: 'rolling' | 'calendar',
): string {
  if (n === 0) return mode === 'rolling' ? `< 1 ${unit}` : `Same ${unit}`;
  return `${unit.slice(0, 1).toUpperCase()}${unit.slice(1)} ${n}`;
}

function pastOf(table: Pick<RawTable, 'average'> | undefined): PastAverage | null {
  if (table === undefined) return null;
  const { size, rates, counts } = table.average;
  return { size, averageRates: rates, averageCounts: counts };
}

/** "Days 1–3"; one that is a single unit is named as that unit. */
function bracketLabel(
  span: { readonly from: number; readonly to: number },
  unit: RetentionUnit,
  mode: 'rolling' | 'calendar',
): string {
  if (span.from === span.to) return intervalLabel(span.from, unit, mode);
  return `${unit.slice(0, 1).toUpperCase()}${unit.slice(1)}s ${spanText(span)}`;
}

type RawTable = Pick<RetentionResult, 'cohorts' | 'average'>;

function tableView(
  { cohorts, average }: RawTable,
  unit: RetentionUnit,
  names: Pick<TableView, 'key' | 'name' | 'point' | 'colour' | 'past'>,
): TableView {
  return {
    ...names,
    size: average.size,
    averageRates: average.rates,
    averageCounts: average.counts,
    cohorts: cohorts.map(({ bucket, size, counts, complete }) => ({
      key: bucket.start,
      label: bucketLabel(bucket.start, unit),
      title: bucketTitle(bucket.start, unit),
      size,
      cells: counts.map((count, n) =>
        count === null
          ? null
          : { count, rate: size === 0 ? null : count / size, complete: complete[n] === true },
      ),
    })),
  };
}

/** The curve of weighted averages: of all users, or of the segments when there are any. */
export function retentionCurve(view: RetentionView): {
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
} {
  const tables = view.segments.length === 0 ? [view.overall] : view.segments.slice(0, drawnMax);
  return {
    buckets: view.intervals.map((label) => ({ label, title: label, incomplete: false })),
    series: tables.map(({ key, name, colour, averageRates, past }) => ({
      key,
      name,
      colour,
      values: averageRates,
      ...(past === null ? {} : { past: past.averageRates }),
    })),
  };
}

/** What the chart says about the time before: the same intervals, of other cohorts. */
export function pastTitlesOf({ buckets, series }: ReturnType<typeof retentionCurve>): {
  readonly pastTitles?: readonly string[];
} {
  const isCompared = series.some(({ past }) => past !== undefined);
  return isCompared ? { pastTitles: buckets.map(({ title }) => `${title}, cohorts before`) } : {};
}

/** The highest rate of all cells. Cohorts of hours have hundreds of thousands of them: too many for arguments. */
export function highestRate({ cohorts }: Pick<TableView, 'cohorts'>): number {
  let highest = 0;
  for (const { cells } of cohorts) {
    for (const cell of cells) highest = Math.max(highest, cell?.rate ?? 0);
  }
  return highest;
}

/** How strongly a cell is coloured, 0 to 1: its rate against the highest of the table. */
export function heat(rate: number | null, highest: number): number {
  return rate === null || highest === 0 ? 0 : rate / highest;
}

/** What stands in a cell: the share of the cohort, how many users, or both. */
export function cellText(
  { rate, count }: { readonly rate: number | null; readonly count: number | null },
  shown: Shown,
): string {
  if (shown === 'rate') return formatPercent(rate);
  if (shown === 'users') return formatNumber(count);
  return `${formatPercent(rate)} · ${formatNumber(count)}`;
}

/** Rows that a page can draw: a year has thousands of hours, which the file has all. */
export const cohortsDrawnMax = 400;

/** Every cohort of every segment: rates as numbers of 1, users beside them. */
export function retentionCsv(view: RetentionView): readonly (readonly CsvValue[])[] {
  const header = [
    'Segment',
    'Cohort',
    'Size',
    ...view.intervals.flatMap((label) => [`${label}: users`, `${label}: rate`]),
  ];
  const rows = [view.overall, ...view.segments].flatMap((table) =>
    table.cohorts.map((cohort) => [
      table.name,
      cohort.title,
      cohort.size,
      ...cohort.cells.flatMap((cell) => [cell?.count ?? null, cell?.rate ?? null]),
    ]),
  );
  return [header, ...rows];
}
