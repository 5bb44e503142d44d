import type { FunnelQuery } from '@arbor/schema/query';
import { planAxis } from './axis.ts';
import { windowOf } from './durations.ts';
import { planPropertyRef, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { FunnelOptionsPlan, FunnelPlan } from './plan-types.ts';
import { planBase } from './report-base.ts';

export function planFunnel(query: FunnelQuery, scope: PlanScope): FunnelPlan {
  const { unit = 'total', edges } = query;
  if (unit === 'total' && edges !== undefined) {
    throw invalidQuery('edges are of buckets, which a funnel has with a unit: give one');
  }
  const { range, buckets } = planAxis({ range: query.range, unit, edges }, scope);
  const { windowMs, windowSessions } = attemptWindow(query);
  const options = planOptions(query, windowSessions, scope);
  if (query.trends && query.unit === undefined) {
    throw invalidQuery('a funnel for each bucket needs a unit: give one, or leave out trends');
  }
  checkBreakdowns(query);
  return {
    type: 'funnel',
    ...planBase(query, range, { ...scope, stepCount: query.steps.length }),
    steps: query.steps.map((step) => planSelector(step, scope)),
    windowMs,
    graceMs: query.graceMs,
    entry: query.entry,
    timing: query.timing,
    buckets: unit === 'total' ? null : buckets,
    ...(query.segments && { segments: query.segments }),
    ...(query.control && { control: query.control }),
    options: isDefault(options) ? null : options,
  };
}

/** A funnel for each value is walked over the rows that have it: what attempts have is not known by then. */
function checkBreakdowns({ attribution, breakdowns }: FunnelQuery): void {
  if (attribution.type !== 'each') return;
  for (const breakdown of breakdowns) {
    if (breakdown.type === 'cohort') continue;
    const { name, computed } = breakdown.property;
    if (computed?.type !== 'behavior' || computed.between === undefined) continue;
    throw invalidQuery(
      `"${name}" lies between steps, and no event has it: choose another attribution than "each"`,
    );
  }
}

/** Attempts of one session each end with it: at midnight at the latest, when a local day has 25 hours (12). */
const sessionMsMax = 25 * 3_600_000;

function attemptWindow({ counting, window }: FunnelQuery): ReturnType<typeof windowOf> {
  return counting === 'sessions' ? { windowMs: sessionMsMax, windowSessions: 1 } : windowOf(window);
}

function planOptions(
  query: FunnelQuery,
  windowSessions: number | null,
  scope: PlanScope,
): FunnelOptionsPlan {
  const last = query.steps.length - 1;
  for (const step of stepsNamed(query)) {
    if (step > last) throw invalidQuery(`there is no step ${step}: steps are 0 to ${last}`);
  }
  return {
    counting: query.counting,
    order: query.order,
    strictRepeat: query.strictRepeat,
    between:
      query.order === 'strict'
        ? planSelector({ anyOf: [{ event: null, filters: [] }] }, scope)
        : null,
    anchors: [...new Set(query.anchors)].sort((left, right) => left - right),
    reentry: query.reentry,
    exclusions: query.exclusions.map(({ selector, from, to = last, mode }) => {
      if (to <= from) throw invalidQuery(`an exclusion from step ${from} must end after it`);
      return { selector: planSelector(selector, scope), from, to, mode };
    }),
    hold: query.hold.map((property) => planPropertyRef(property, scope)),
    attribution: query.attribution,
    segmentEntry: query.segmentEntry,
    inRange: query.completion === 'in_range',
    windowSessions,
    sum: query.sum ? planPropertyRef(query.sum, scope) : null,
    distribution: planDistribution(query),
    times: planTimes(query),
    pathsMax: planPaths(query),
    compareEvents: query.compareEvents ?? null,
    otherSegment: query.otherSegment,
    others: null,
    trends: query.trends,
  };
}

function planDistribution({ distribution }: FunnelQuery): FunnelOptionsPlan['distribution'] {
  if (distribution === undefined) return null;
  const { from, to } = distribution;
  if (to <= from)
    throw invalidQuery(`times from step ${from} to step ${to} are none: end after it`);
  return distribution;
}

function planTimes({ times, timing, steps }: FunnelQuery): FunnelOptionsPlan['times'] {
  if (times === undefined) return null;
  const { from, to = steps.length - 1, percentiles } = times;
  if (to <= from)
    throw invalidQuery(`times from step ${from} to step ${to} are none: end after it`);
  if (!timing)
    throw invalidQuery('a funnel without timing has no times: leave out timing or times');
  return { from, to, percentiles, isOwn: from > 0 && to > from + 1 };
}

function planPaths({ pathsMax = 0, order }: FunnelQuery): number | null {
  if (pathsMax === 0) return null;
  if (order === 'any') return pathsMax;
  throw invalidQuery(
    `steps in the order "${order}" have one path: ask for paths with the order "any", or leave out pathsMax`,
  );
}

function stepsNamed({
  exclusions,
  attribution,
  distribution,
  times,
  compareEvents,
  anchors,
}: FunnelQuery) {
  return [
    ...anchors,
    ...exclusions.flatMap(({ from, to = from }) => [from, to]),
    ...(attribution.type === 'step' ? [attribution.step] : []),
    ...(distribution ? [distribution.from, distribution.to] : []),
    ...(times ? [times.from, times.to ?? times.from] : []),
    ...(compareEvents === undefined ? [] : [compareEvents]),
  ];
}

function isDefault(options: FunnelOptionsPlan): boolean {
  return (
    options.counting === 'unique' &&
    options.order === 'specific' &&
    options.reentry === 'default' &&
    options.exclusions.length === 0 &&
    options.hold.length === 0 &&
    options.attribution.type === 'first' &&
    options.segmentEntry === 'after_exit' &&
    !options.inRange &&
    options.windowSessions === null &&
    options.sum === null &&
    options.distribution === null &&
    options.times === null &&
    options.compareEvents === null &&
    !options.otherSegment &&
    !options.trends
  );
}
