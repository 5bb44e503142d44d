import type { InsightsPartial, MetricPartial } from '../../merge/partial.ts';
import type { ChosenSegments, GroupRanks } from '../../merge/segment-ranks.ts';
import type { InsightsPlan, MeasurePlan, MetricPlan } from '../../plan/plan-types.ts';
import { presenceFilters } from '../presence.ts';
import { bucketEdges } from '../../exec/bucket-edges.ts';
import { compileMatch } from '../row-mask.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import type { DayScan, Scan, ScanSet, UserRange, UserScan } from '../scan.ts';
import type { DayMeasure } from './accumulator.ts';
import { DayGroup } from './day-group.ts';
import { DayCutter, fitPieces } from './day-pieces.ts';
import { RowScratch } from './select-rows.ts';
import { edgesOfUsers, UserGroup } from './user-group.ts';
import type { UserMeasure } from './user-group.ts';
import { GroupRange } from './user-range.ts';
import { UserScratch } from './user-scratch.ts';

/**
 * The scans of an insights report: one over days for what adds up, one over ranges of users for what
 * counts users. Metrics with the same events and filters share the choice of rows. Meaning: `exec/insights.ts`.
 * Null = windows of users cut a day too often.
 */
export function createInsightsScans(plan: InsightsPlan, source: ScanSource): ScanSet | null {
  if (!canCutDays(plan)) return null;
  const days = dayGroups(plan, source);
  const users = userGroups(plan, source);
  const groups = [...users.values()];
  const scans: Scan[] = [];
  if (days.size > 0) scans.push(new InsightsDayScan(plan, [...days.values()]));
  if (groups.length > 0) scans.push(new InsightsUserScan(groups, plan.breakdown !== null));
  const ranks =
    plan.onOneShard && plan.breakdown !== null && (() => rankSegments(plan, days, users));
  return {
    scans,
    ...(ranks ? { ranks } : {}),
    finish: (chosen?: readonly ChosenSegments[]) => finish(plan, { days, users, chosen }),
  };
}

/**
 * Whether no day has more pieces than can be told apart. Minutes make too many, and so may windows of hours
 * where an offset changes by half an hour: they begin and end at different minutes.
 */
function canCutDays({ metrics, buckets }: InsightsPlan): boolean {
  if (!fitPieces(bucketEdges(buckets))) return false;
  const active = metrics.filter(({ measure }) => measure.type === 'active');
  const groups = mapGroups(active, (_, own) => {
    const measures = [...own.filter(countsUsers), { type: 'unique' as const }];
    return fitPieces(edgesOfUsers({ measures, buckets }));
  });
  return [...groups.values()].every((fits) => fits);
}

/** By group, then by metric that counts users: the same in every thread. */
function rankSegments(
  plan: InsightsPlan,
  days: ReadonlyMap<string, DayGroup>,
  users: ReadonlyMap<string, UserGroup>,
): GroupRanks[] | null {
  const keyed = plan.metrics.map(({ selector, measure }, metric) => {
    const isRanking = plan.rankBy === null || plan.rankBy === metric;
    return { key: JSON.stringify(selector), metric, measure, isRanking };
  });
  const ofDays = Array.from(days, ([key, group]) => {
    const own = keyed.filter((one) => one.key === key && !countsUsers(one.measure));
    return group.ranks(own.map((one) => ({ ...one, measure: one.measure as DayMeasure })));
  });
  const ofUsers = keyed.flatMap((one) => {
    const { measure } = one;
    const group = users.get(one.key);
    return countsUsers(measure) && group ? [group.ranks({ ...one, measure })] : [];
  });
  const known = ofDays.filter((ranks) => ranks !== null);
  return known.length === ofDays.length ? [...known, ...ofUsers] : null;
}

function finish(
  plan: InsightsPlan,
  {
    days,
    users,
    chosen,
  }: {
    readonly days: ReadonlyMap<string, DayGroup>;
    readonly users: ReadonlyMap<string, UserGroup>;
    readonly chosen: readonly ChosenSegments[] | undefined;
  },
): InsightsPartial {
  const metrics = plan.metrics.map(({ selector, measure }, metric): MetricPartial => {
    const key = JSON.stringify(selector);
    const result = countsUsers(measure)
      ? users.get(key)?.result(measure, chosen?.[metric])
      : days.get(key)?.result(measure as DayMeasure, chosen?.[metric]);
    return result as MetricPartial;
  });
  return { type: 'insights', metrics };
}

function countsUsers(measure: MeasurePlan): measure is UserMeasure {
  return measure.type === 'unique' || measure.type === 'active';
}

function dayGroups(plan: InsightsPlan, source: ScanSource): Map<string, DayGroup> {
  const scratch = new RowScratch();
  const metrics = plan.metrics.filter(({ measure }) => !countsUsers(measure));
  return mapGroups(metrics, (selector, measures) => {
    const group = {
      match: compileMatch(selector, plan.filters, source),
      breakdown: plan.breakdown,
      measures: measures as DayMeasure[],
      bucketCount: plan.buckets.length,
    };
    return new DayGroup(group, source, scratch);
  });
}

function userGroups(plan: InsightsPlan, source: ScanSource): Map<string, UserGroup> {
  const metrics = plan.metrics.filter(({ measure }) => countsUsers(measure));
  return mapGroups(metrics, (selector, measures) => {
    const group = {
      match: compileMatch(selector, plan.filters, source),
      presence: plan.breakdown?.scope === 'event' ? null : presenceFilters(selector, plan.filters),
      breakdown: plan.breakdown,
      measures: measures.filter(countsUsers),
      buckets: plan.buckets,
    };
    return new UserGroup(group, source);
  });
}

/** One group for each different selector. */
function mapGroups<T>(
  metrics: readonly MetricPlan[],
  make: (selector: MetricPlan['selector'], measures: MeasurePlan[]) => T,
): Map<string, T> {
  const lists = new Map<string, MetricPlan[]>();
  for (const metric of metrics) {
    const key = JSON.stringify(metric.selector);
    const list = lists.get(key);
    if (list) list.push(metric);
    else lists.set(key, [metric]);
  }
  return new Map(
    Array.from(lists, ([key, list]) => [
      key,
      make(
        list[0].selector,
        list.map(({ measure }) => measure),
      ),
    ]),
  );
}

class InsightsDayScan implements DayScan {
  readonly unit = 'days';
  readonly #cutter: DayCutter;
  readonly #bucketCount: number;
  readonly #groups: readonly DayGroup[];

  constructor({ buckets }: InsightsPlan, groups: readonly DayGroup[]) {
    this.#cutter = new DayCutter(bucketEdges(buckets));
    this.#bucketCount = buckets.length;
    this.#groups = groups;
  }

  addDay(day: DayRows): void {
    const pieces = this.#cutter.of(day.startMs);
    const { first, count } = pieces;
    // Piece p is bucket p − 1: the pieces at both ends lie outside the range.
    if (first + count - 1 < 1 || first > this.#bucketCount) return;
    for (const rows of day.events) {
      for (const group of this.#groups) group.addEvent(rows, pieces);
    }
  }
}

/**
 * States of a range take 2 bytes a user and counter: 128 KB. With a breakdown there is one a segment too:
 * with 50 segments 8192 users take 800 KB, which the second-level cache about holds.
 */
const usersMax = { plain: 65_536, segmented: 8192 };

class InsightsUserScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly #groups: readonly UserGroup[];
  readonly #scratch = new UserScratch();

  constructor(groups: readonly UserGroup[], segmented: boolean) {
    this.#groups = groups;
    this.usersMax = segmented ? usersMax.segmented : usersMax.plain;
  }

  open(first: number, end: number): UserRange {
    const ranges = this.#groups.map((group) => new GroupRange(group, first, end, this.#scratch));
    return {
      add: (days) => {
        for (const range of ranges) range.add(days);
      },
      close: () => {
        for (const range of ranges) range.close();
      },
    };
  }
}
