import { invalidQuery } from '../plan/invalid-query.ts';
import type { InsightsPlan, MeasurePlan } from '../plan/plan-types.ts';
import { bestSegments } from './rank.ts';
import { segmentKey, segmentOfKey } from './segment-groups.ts';

/**
 * What one thread knows of how the segments of some metrics rank, before any of their cells are made: a few
 * numbers a segment. Several parts add up, as those of several threads do. Threads of the same plan have the
 * same groups, in the same order.
 */
export type GroupRanks = readonly SegmentRanks[];

export interface SegmentRanks {
  /** `segmentKey` of each. */
  readonly keys: readonly string[];
  /** The metrics of the group: the same in all its parts. */
  readonly metrics: readonly MetricRanks[];
}

export interface MetricRanks {
  /** Index in the plan. */
  readonly metric: number;
  /** By segment; null = another metric ranks. */
  readonly ranks: Ranks | null;
}

/** By segment what it is ranked by (3.8), so that ranks of several threads add up. */
export type Ranks =
  | { readonly type: 'counts'; readonly counts: Float64Array }
  /** `corrections` are what rounding took from the sums (`ExactSum`). */
  | { readonly type: 'sums'; readonly sums: Float64Array; readonly corrections: Float64Array }
  /** NaN = has no value. */
  | { readonly type: 'extremes'; readonly extremes: Float64Array };

/** The segments of one metric that come back. */
export interface ChosenSegments {
  /** By `segmentKey`; the best of all threads together. */
  readonly keys: readonly string[];
  /** How many there are in all. */
  readonly segmentCount: number;
}

/** By metric of the plan: which segments come back of all that the threads of its only shard have. */
export function chooseSegments(
  plan: InsightsPlan,
  threads: readonly (readonly GroupRanks[])[],
): ChosenSegments[] {
  const { rankBy, segmentsMax, metrics, segments } = plan;
  const chosen = metrics.map((): ChosenSegments => ({ keys: [], segmentCount: 0 }));
  const groupCount = threads[0]?.length ?? 0;
  for (let group = 0; group < groupCount; group++) {
    const parts = threads.flatMap((thread) => thread[group]);
    const places = new Places(parts.map(({ keys }) => keys));
    const segmentCount = places.keys.length;
    for (const [index, { metric }] of parts[0].metrics.entries()) {
      const ranks = parts.map((part) => part.metrics[index].ranks).filter((one) => one !== null);
      const totals = addRanks(metrics[metric].measure, ranks, places);
      const keys = totals === null ? [] : bestKeys(places.keys, totals, segmentsMax);
      chosen[metric] = { keys, segmentCount };
    }
  }
  if (segments !== null) {
    return chosen.map(({ segmentCount }, metric) => ({
      keys: segments[metric].map(segmentKey),
      segmentCount,
    }));
  }
  if (rankBy === null) return chosen;
  return chosen.map(({ segmentCount }) => ({ keys: chosen[rankBy].keys, segmentCount }));
}

/** The segments of all parts, each once. */
class Places {
  readonly keys: readonly string[];
  /** By part: where each of its segments is in `keys`. */
  readonly byPart: readonly Uint32Array[];

  constructor(lists: readonly (readonly string[])[]) {
    const keys: string[] = [];
    const placeByKey = new Map<string, number>();
    this.byPart = lists.map((list) => {
      const places = new Uint32Array(list.length);
      for (let i = 0; i < list.length; i++) {
        let place = placeByKey.get(list[i]);
        if (place === undefined) placeByKey.set(list[i], (place = keys.push(list[i]) - 1));
        places[i] = place;
      }
      return places;
    });
    this.keys = keys;
  }
}

/** By segment; NaN = has no value. Null = these ranks decide nothing. */
function addRanks(
  measure: MeasurePlan,
  parts: readonly Ranks[],
  places: Places,
): Float64Array | null {
  if (parts.length === 0) return null;
  const totals = new Float64Array(places.keys.length);
  const lost = new Float64Array(totals.length);
  if (parts[0].type === 'extremes') totals.fill(NaN);
  for (const [index, part] of parts.entries()) {
    const at = places.byPart[index];
    if (part.type === 'counts') addCounts(part.counts, at, totals);
    else if (part.type === 'extremes') {
      takeBetter(part.extremes, at, measure.type === 'max' ? 1 : -1, totals);
    } else {
      addExact(part.sums, at, totals, lost);
      addExact(part.corrections, at, totals, lost);
    }
  }
  if (parts[0].type !== 'sums') return totals;
  const name = 'property' in measure ? (measure.property?.name ?? '') : '';
  for (let i = 0; i < totals.length; i++) {
    totals[i] += lost[i];
    if (!Number.isFinite(totals[i])) {
      throw invalidQuery(`the sum of "${name}" is larger than a number can hold: filter it`);
    }
  }
  return totals;
}

function addCounts(counts: Float64Array, places: Uint32Array, totals: Float64Array): void {
  for (let i = 0; i < counts.length; i++) totals[places[i]] += counts[i];
}

/** As `ExactSum`. */
function addExact(
  values: Float64Array,
  places: Uint32Array,
  totals: Float64Array,
  lost: Float64Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const place = places[i];
    const before = totals[place];
    const value = values[i];
    const after = before + value;
    lost[place] +=
      Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
    totals[place] = after;
  }
}

function takeBetter(
  values: Float64Array,
  places: Uint32Array,
  sign: 1 | -1,
  totals: Float64Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const known = totals[places[i]];
    if (known !== known || values[i] * sign > known * sign) totals[places[i]] = values[i];
  }
}

/** Best first, as `bestSegments`, which is asked only about those that may be among them. */
function bestKeys(keys: readonly string[], ranks: Float64Array, max: number): string[] {
  const orders = ranks.map((rank) => (rank !== rank ? -Infinity : rank));
  const least = keys.length <= max ? -Infinity : orders.toSorted()[keys.length - max];
  const candidates: { segment: ReturnType<typeof segmentOfKey>; rank: number }[] = [];
  for (let i = 0; i < keys.length; i++) {
    if (orders[i] >= least) candidates.push({ segment: segmentOfKey(keys[i]), rank: orders[i] });
  }
  return bestSegments(candidates, max).map(({ segment }) => segmentKey(segment));
}
