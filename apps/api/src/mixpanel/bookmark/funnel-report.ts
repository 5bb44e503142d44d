import type { FunnelStepResult } from '@arbor/schema/result';
import { askQuery, inTurns } from '../ask.ts';
import type { DateBucket } from '../reports/date-buckets.ts';
import { dateBuckets, dateBucketsMax } from '../reports/date-buckets.ts';
import type { FunnelStep } from '../reports/funnel-steps.ts';
import { funnelSteps } from '../reports/funnel-steps.ts';
import { behaviorName } from './bookmark-events.ts';
import type { BehaviorEntry, ShowEntry } from './bookmark-schema.ts';
import { readFunnel } from './funnel-behavior.ts';
import { refuse } from './refuse.ts';
import { bySegment, reportAnswer } from './report-answer.ts';
import type { ReportRequest } from './report-request.ts';
import { isoInZone, midnight } from './zoned-time.ts';

const numbers = [
  'count',
  'step_conv_ratio',
  'overall_conv_ratio',
  'avg_time',
  'avg_time_from_start',
] as const satisfies readonly (keyof FunnelStep)[];

/** By number, step and column: dates of entry, or `all`. */
type Table = Record<string, Record<string, Record<string, number | null>>>;

/**
 * A funnel (`query-api.md` 13.4): over the whole range, or in a chart by time one of its own for each bucket of entries
 * (`reports.md` 5.11).
 */
export async function funnelReport(
  request: ReportRequest,
  entry: ShowEntry,
  behavior: BehaviorEntry,
): Promise<object> {
  const { queries, asked, context, filters, breakdowns, range } = request;
  const query = {
    type: 'funnel' as const,
    ...readFunnel(behavior, entry.measurement?.math ?? '', context.nowMs),
    filters,
    breakdowns,
    segmentsMax: request.segmentsMax,
  };
  const ranges = request.isByTime ? trendRanges(request) : [range];
  const results = await inTurns(ranges, (own) =>
    askQuery(queries, asked, { ...query, range: own }),
  );
  const columns = ranges.map(({ from }) =>
    request.isByTime
      ? isoInZone(midnight(from, context.project.timezone), context.project.timezone)
      : 'all',
  );
  const names = (behavior.behaviors ?? []).map(behaviorName);
  const overall = tableOf(
    names,
    columns,
    results.map(({ steps }) => steps),
  );
  // Each column may have segments of its own: one that a column lacks has nobody there.
  const segments = new Map(
    results.flatMap((result) =>
      result.segments.map(({ segment }) => [JSON.stringify(segment), segment] as const),
    ),
  );
  const rows = [...segments.values()].map((segment) => {
    const steps = results.map((result) => {
      const own = result.segments.find(
        (one) => JSON.stringify(one.segment) === JSON.stringify(segment),
      );
      return own?.steps ?? result.steps.map(() => nobody);
    });
    return { segment, value: tableOf(names, columns, steps) };
  });
  const series = {
    [entry.name ?? behaviorName(behavior)]: bySegment(overall, breakdowns.length > 0 ? rows : null),
  };
  return reportAnswer(range, context, { headers: request.headers, series });
}

const nobody: FunnelStepResult = {
  count: 0,
  averageFromEntryMs: null,
  medianFromEntryMs: null,
  averageFromPreviousMs: null,
  medianFromPreviousMs: null,
};

/** Counts, ratios and times of funnels, one a column. */
export function tableOf(
  names: readonly string[],
  columns: readonly string[],
  funnels: readonly (readonly FunnelStepResult[])[],
): Table {
  const shown = names.map((event) => ({ event, label: event }));
  const steps = funnels.map((funnel) => funnelSteps(funnel, shown));
  const table = numbers.map((number) => {
    const byStep = names.map((name, step) => {
      const cells = columns.map((column, i) => [column, steps[i]?.[step]?.[number] ?? null]);
      return [`${step + 1}. ${name}`, Object.fromEntries(cells)] as const;
    });
    return [number, Object.fromEntries(byStep)] as const;
  });
  return Object.fromEntries(table) as Table;
}

function trendRanges({ range, unit, context }: ReportRequest): DateBucket[] {
  if (unit !== 'day' && unit !== 'week' && unit !== 'month') {
    return refuse('a trend of a funnel by', unit, 'use day, week or month');
  }
  const days = { from: range.from.slice(0, 10), to: range.to.slice(0, 10) };
  const buckets = dateBuckets(days, { unit, size: 1, weekStart: context.project.weekStart });
  return buckets.length <= dateBucketsMax
    ? buckets
    : refuse('a trend of so many buckets as', buckets.length, `ask for at most ${dateBucketsMax}`);
}
