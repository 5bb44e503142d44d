import type { FunnelResult, FunnelStepResult, Segment } from '@arbor/schema/result';
import type { FunnelPlan } from '../plan/plan-types.ts';
import { durationReader } from './duration-reader.ts';
import type { DurationReader } from './duration-reader.ts';
import { averageDuration, medianDuration } from './durations.ts';
import { mergeDistribution } from './funnel-distribution.ts';
import { addPaths, topOrders } from './funnel-paths.ts';
import { mergeTimes, timesBetween } from './funnel-times.ts';
import { ExactSum } from './numbers.ts';
import { packDurations } from './packed-durations.ts';
import type { DurationList } from './packed-durations.ts';
import type { FunnelCells, FunnelPartial, SegmentCells } from './partial.ts';
import { leavesOut, listedSegments } from './rank.ts';
import { groupSegments, segmentKey } from './segment-groups.ts';
import { significanceAgainst, significanceOf } from './significance.ts';
import { sortDurations } from './sort-durations.ts';

/** Counts by bucket of entry, by step. */
type EntryCounts = readonly (readonly number[])[];

/** All segments of a breakdown that do not come back by themselves. */
export const otherSegment: Segment = { type: 'other', text: '(other)' };

/**
 * The report from the partial results of any shards. `others` are those of the follow-up plan that
 * `otherFunnel` made; without them the answer has no segment of all others (yet).
 */
export function mergeFunnel(
  plan: FunnelPlan,
  partials: readonly FunnelPartial[],
  others: readonly FunnelPartial[] | null = null,
): FunnelResult {
  const readers = new Readers();
  const timed = partials.flatMap(timedCells);
  const steps = mergeSteps(
    plan,
    partials.map((partial) => partial.overall),
    timed,
    readers,
  );
  const all = partials.map((partial) => partial.segments);
  const rest = others?.map((partial) => partial.segments) ?? [];
  const reference = controlOf(plan, all);
  const best = listed(plan, all, countOfCells);
  const segments = [...best, ...groupSegments(rest)].map((group) => {
    const own = mergeSteps(plan, group.cells, group.cells, readers);
    const times = timesOf(plan, group.cells, readers);
    return {
      segment: group.segment,
      steps: own,
      ...times,
      significance: holdsControl(plan, group.segment, best)
        ? null
        : significance(plan, { whole: steps, own, reference }),
    };
  });
  return {
    type: 'funnel',
    steps,
    ...timesOf(plan, timed, readers),
    segments,
    segmentCount: groupSegments(all).length,
    ...(plan.options?.distribution && {
      distribution: mergeDistribution(
        plan.options.distribution,
        partials.map(({ distributionMs = [] }) => distributionMs),
      ),
    }),
    ...(plan.buckets && { byEntry: mergeByEntry(plan, plan.buckets, partials, others) }),
    ...pathsOf(plan, partials),
    stillOpen: partials.reduce((sum, partial) => sum + partial.stillOpen, 0),
  };
}

function pathsOf(plan: FunnelPlan, partials: readonly FunnelPartial[]) {
  const pathsMax = plan.options?.pathsMax ?? null;
  if (pathsMax === null) return {};
  return topOrders(
    plan,
    pathsMax,
    partials.map(({ paths = [] }) => paths),
  );
}

function timesOf(
  { options }: FunnelPlan,
  cells: readonly FunnelCells[],
  readers: Readers,
): Pick<FunnelResult, 'times'> {
  const times = options?.times ?? null;
  if (times === null) return {};
  return {
    times: mergeTimes(
      times,
      cells.map((own) => readers.of(timesBetween(own, times))),
    ),
  };
}

/**
 * The plan whose answer is the segment of all others: a user counts there once however many of them he is in,
 * so it must be asked when all shards have said which segments come back. Null = all do, or nobody asked.
 */
export function otherFunnel(
  plan: FunnelPlan,
  partials: readonly FunnelPartial[],
): FunnelPlan | null {
  const { options } = plan;
  if (options === null || !options.otherSegment) return null;
  const all = partials.map((partial) => partial.segments);
  const byEntry = partials.map(({ byEntrySegments = [] }) => byEntrySegments);
  const listedCells = listed(plan, all, countOfCells);
  const listedEntries = listed(plan, byEntry, countOfEntries);
  const isCut =
    leavesOut(groupSegments(all), listedCells) || leavesOut(groupSegments(byEntry), listedEntries);
  if (!isCut) return null;
  const keysOf = (groups: readonly { readonly segment: Segment }[]): string[] =>
    groups.map(({ segment }) => segmentKey(segment));
  const others = { segments: keysOf(listedCells), byEntry: keysOf(listedEntries) };
  return { ...plan, options: { ...options, otherSegment: false, others } };
}

/** The segments that come back, unless they are named the best ones first: ranked by who entered (3.8). */
function listed<T>(
  plan: FunnelPlan,
  lists: readonly (readonly SegmentCells<T>[])[],
  entered: (cells: T) => number,
) {
  const ranked = groupSegments(lists).map((group) => ({
    ...group,
    rank: group.cells.reduce((sum, cells) => sum + entered(cells), 0),
  }));
  return listedSegments(ranked, plan, (segment) => ({ segment, cells: [], rank: 0 }));
}

const countOfCells = ({ counts }: FunnelCells): number => counts[0];
const countOfEntries = (counts: EntryCounts): number =>
  counts.reduce((sum, [entered]) => sum + entered, 0);

function mergeByEntry(
  plan: FunnelPlan,
  buckets: NonNullable<FunnelPlan['buckets']>,
  partials: readonly FunnelPartial[],
  others: readonly FunnelPartial[] | null,
): NonNullable<FunnelResult['byEntry']> {
  const counts = addEntries(
    plan,
    partials.map(({ byEntry }) => byEntry),
  );
  const lists = partials.flatMap(({ byEntrySegments }) => byEntrySegments ?? []);
  const rest = others?.flatMap(({ byEntrySegments }) => byEntrySegments ?? []) ?? [];
  const segments = [...listed(plan, [lists], countOfEntries), ...groupSegments([rest])];
  return {
    buckets: [...buckets],
    counts,
    ...(segments.length > 0 && {
      segments: segments.map(({ segment, cells }) => ({
        segment,
        counts: addEntries(plan, cells),
      })),
    }),
  };
}

/** The cells of the segment that others are compared with; null = they are compared with the whole. */
function controlOf(
  { control }: FunnelPlan,
  lists: readonly (readonly SegmentCells<FunnelCells>[])[],
): readonly FunnelCells[] | null {
  if (control === undefined) return null;
  const key = segmentKey(control);
  return groupSegments(lists).find(({ segment }) => segmentKey(segment) === key)?.cells ?? [];
}

/** Whether a segment has entries of the control: it is that itself, or all others with it among them. */
function holdsControl(
  { control }: FunnelPlan,
  segment: Segment,
  best: readonly { readonly segment: Segment }[],
): boolean {
  if (control === undefined) return false;
  const key = segmentKey(control);
  return segment.type === otherSegment.type
    ? !best.some((own) => segmentKey(own.segment) === key)
    : segmentKey(segment) === key;
}

function significance(
  { steps }: FunnelPlan,
  {
    whole,
    own,
    reference,
  }: {
    readonly whole: readonly FunnelStepResult[];
    readonly own: readonly FunnelStepResult[];
    readonly reference: readonly FunnelCells[] | null;
  },
): FunnelResult['segments'][number]['significance'] {
  const last = steps.length - 1;
  const ownEntries = own[0].count;
  const ownConversions = own[last].count;
  if (reference === null) {
    const entries = whole[0].count;
    return significanceOf({ entries, conversions: whole[last].count, ownEntries, ownConversions });
  }
  return significanceAgainst(
    { entries: countOf(reference, 0), conversions: countOf(reference, last) },
    { entries: ownEntries, conversions: ownConversions },
  );
}

/** One partial of several, as those of ranges of users: what they would have been together. */
export function combineFunnels(
  plan: FunnelPlan,
  partials: readonly FunnelPartial[],
): FunnelPartial {
  const byEntry = partials.map((partial) => partial.byEntry);
  const byEntrySegments = partials.flatMap((partial) => partial.byEntrySegments ?? []);
  return {
    type: 'funnel',
    overall: combineCells(
      plan,
      partials.map((partial) => partial.overall),
      partials.flatMap(timedCells),
    ),
    segments: groupSegments(partials.map((partial) => partial.segments)).map((group) => ({
      segment: group.segment,
      cells: combineCells(plan, group.cells, group.cells),
    })),
    timesInSegments: false,
    byEntry: plan.buckets === null ? [] : addEntries(plan, byEntry),
    stillOpen: partials.reduce((sum, partial) => sum + partial.stillOpen, 0),
    ...(plan.options?.distribution && {
      distributionMs: mergeLists(partials.map(({ distributionMs = [] }) => distributionMs)),
    }),
    ...((plan.options?.pathsMax ?? null) !== null && {
      paths: addPaths(partials.map(({ paths = [] }) => paths)),
    }),
    ...(byEntrySegments.length > 0 && {
      byEntrySegments: groupSegments([byEntrySegments]).map(({ segment, cells }) => ({
        segment,
        cells: addEntries(plan, cells),
      })),
    }),
  };
}

/** The cells that hold the times of all attempts of a partial. */
function timedCells({ overall, segments, timesInSegments }: FunnelPartial): FunnelCells[] {
  return timesInSegments ? segments.map(({ cells }) => cells) : [overall];
}

function combineCells(
  plan: FunnelPlan,
  counted: readonly FunnelCells[],
  timed: readonly FunnelCells[],
): FunnelCells {
  const steps = plan.steps.map((_, step) => step);
  const sums = hasSum(plan) ? steps.map((step) => sumOf(counted, step)) : null;
  return {
    counts: steps.map((step) => countOf(counted, step)),
    fromEntryMs: steps.map((step) => mergeLists(timed.map((own) => own.fromEntryMs[step]))),
    fromPreviousMs: steps.map((step) => mergeLists(timed.map((own) => own.fromPreviousMs[step]))),
    ...(plan.options?.times?.isOwn === true && {
      betweenMs: mergeLists(timed.map(({ betweenMs = [] }) => betweenMs)),
    }),
    ...(sums && {
      sums: sums.map((sum) => sum.rounded),
      corrections: sums.map((sum) => sum.correction),
    }),
  };
}

function mergeSteps(
  plan: FunnelPlan,
  counted: readonly FunnelCells[],
  timed: readonly FunnelCells[],
  readers: Readers,
): FunnelStepResult[] {
  return plan.steps.map((_, step) => {
    const fromEntry = timed.map((own) => readers.of(own.fromEntryMs[step]));
    const fromPrevious =
      step === 1 ? fromEntry : timed.map((own) => readers.of(own.fromPreviousMs[step]));
    const averageFromEntryMs = averageDuration(fromEntry);
    const medianFromEntryMs = medianDuration(fromEntry);
    const isSame = fromPrevious === fromEntry;
    return {
      count: countOf(counted, step),
      averageFromEntryMs,
      medianFromEntryMs,
      averageFromPreviousMs: isSame ? averageFromEntryMs : averageDuration(fromPrevious),
      medianFromPreviousMs: isSame ? medianFromEntryMs : medianDuration(fromPrevious),
      ...(hasSum(plan) && { sum: sumOf(counted, step).value }),
    };
  });
}

const hasSum = ({ options }: FunnelPlan): boolean => options !== null && options.sum !== null;

/** The sum of numbers at a step, with what rounding took from the parts at the end. */
function sumOf(cells: readonly FunnelCells[], step: number): ExactSum {
  const sum = new ExactSum();
  for (const { sums = [] } of cells) sum.add(sums[step] ?? 0);
  for (const { corrections = [] } of cells) sum.add(corrections[step] ?? 0);
  return sum;
}

/** Readers by list: those of segments are read again for all segments together. */
class Readers {
  readonly #readers = new Map<DurationList, DurationReader>();

  of(list: DurationList): DurationReader {
    let reader = this.#readers.get(list);
    if (reader === undefined) {
      reader = durationReader(list);
      this.#readers.set(list, reader);
    }
    return reader;
  }
}

function countOf(cells: readonly FunnelCells[], step: number): number {
  return cells.reduce((sum, own) => sum + own.counts[step], 0);
}

function mergeLists(lists: readonly DurationList[]): DurationList {
  const all = lists.map((list) => durationReader(list).values());
  const merged = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of all) {
    merged.set(values, at);
    at += values.length;
  }
  return packDurations(sortDurations(merged));
}

/** By bucket of entry, by step. */
function addEntries({ buckets, steps }: FunnelPlan, all: readonly EntryCounts[]): number[][] {
  return (buckets ?? []).map((_, bucket) =>
    steps.map((_step, step) => all.reduce((sum, own) => sum + own[bucket][step], 0)),
  );
}
