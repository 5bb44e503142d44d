import type { RetentionQueryInput } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
import { askQuery } from '../ask.ts';
import { daysBetween, todayIn } from '../local-dates.ts';
import { behaviorName, readSelector } from './bookmark-events.ts';
import { readProperty } from './bookmark-properties.ts';
import type { BehaviorEntry, MeasurementEntry, ShowEntry } from './bookmark-schema.ts';
import { oneOf, refuse } from './refuse.ts';
import { bySegment, reportAnswer } from './report-answer.ts';
import type { ReportRequest } from './report-request.ts';
import { isoStart } from './zoned-time.ts';

type Table = Pick<RetentionResult, 'cohorts' | 'average'>;
type RetentionBehavior = Pick<
  RetentionQueryInput,
  'birth' | 'return' | 'unit' | 'mode' | 'criterion' | 'intervals' | 'brackets' | 'measure'
>;

const retentionUnits = { hour: 'hour', day: 'day', week: 'week', month: 'month' } as const;
const modes = { birth: 'rolling', interval_start: 'calendar' } as const;
const criteria = {
  none: 'on',
  carry_back: 'on_or_after',
  carry_forward: 'on_or_before',
  consecutive_forward: 'streak',
} as const;

/** A retention (`query-api.md` 13.4): by cohort how many came back in each interval, and the average of the cohorts. */
export async function retentionReport(
  request: ReportRequest,
  entry: ShowEntry,
  behavior: BehaviorEntry,
): Promise<object> {
  const { queries, asked, context, range, filters, breakdowns, segmentsMax } = request;
  const result = await askQuery(queries, asked, {
    type: 'retention',
    range,
    filters,
    breakdowns,
    segmentsMax,
    ...readRetention(behavior, entry.measurement ?? {}, request),
  });
  const rows = result.segments.map(({ segment, ...table }) => ({ segment, value: tableOf(table) }));
  const name = entry.name ?? behaviorName({ ...behavior, name: behavior.name ?? null });
  const series = { [name]: bySegment(tableOf(result), breakdowns.length > 0 ? rows : null) };
  return reportAnswer(range, context, { headers: request.headers, series });
}

/** What is done first, what brings somebody back, and when that counts. */
export function readRetention(
  behavior: BehaviorEntry,
  measurement: MeasurementEntry,
  request: Pick<ReportRequest, 'context' | 'range'>,
): RetentionBehavior {
  const [birth, returning] = behavior.behaviors ?? [];
  if (birth === undefined || returning === undefined) {
    return refuse('a retention of behaviors', behavior.behaviors?.length ?? 0, 'give it two');
  }
  const { nowMs } = request.context;
  const unit = oneOf(retentionUnits, 'the unit of a retention', behavior.retentionUnit ?? 'day');
  const brackets = behavior.retentionCustomBucketSizes ?? [];
  const { math, property } = measurement;
  const isAverage = math === 'average';
  return {
    birth: readSelector(birth, nowMs),
    return: readSelector(returning, nowMs),
    unit,
    mode: oneOf(modes, 'the alignment', behavior.retentionAlignmentType ?? 'birth'),
    criterion: oneOf(criteria, 'the unbounded mode', behavior.retentionUnboundedMode ?? 'none'),
    ...(brackets.length > 0
      ? { brackets, intervals: brackets.length }
      : { intervals: intervalsSince(unit, request) }),
    ...(property && {
      measure: { type: isAverage ? 'average' : 'sum', property: readProperty(property) },
    }),
  };
}

const daysOf = { hour: 1 / 24, day: 1, week: 7, month: 30 } as const;
/** `reports.md` 2.3. */
const intervalsMax = 60;

/** As many as there have been since the first cohort, which is as much as there is to say. */
function intervalsSince(
  unit: keyof typeof daysOf,
  { context: { project, nowMs }, range }: Pick<ReportRequest, 'context' | 'range'>,
): number {
  const days = daysBetween(range.from.slice(0, 10), todayIn(nowMs, project.timezone)) + 1;
  return Math.min(Math.max(Math.ceil(days / daysOf[unit]), 1), intervalsMax);
}

/** By cohort how many came back, and the average of the cohorts. */
export function tableOf({ cohorts, average }: Table): object {
  const rows = cohorts.map(({ bucket, size, counts }) => {
    const known = counts.filter((count) => count !== null);
    const rates = known.map((count) => (size === 0 ? 0 : count / size));
    return [isoStart(bucket.start), { first: size, counts: known, rates }] as const;
  });
  const { size: first, counts, rates } = average;
  return { ...Object.fromEntries(rows), $average: { first, counts, rates } };
}
