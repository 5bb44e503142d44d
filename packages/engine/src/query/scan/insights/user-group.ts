import { packSegments } from '../../merge/packed-segments.ts';
import type { MetricPartial, UserCells } from '../../merge/partial.ts';
import type { ChosenSegments, GroupRanks } from '../../merge/segment-ranks.ts';
import type { Bucket } from '@arbor/schema/result';
import type { FilterPlan, MeasurePlan, PropertyPlan, WindowsPlan } from '../../plan/plan-types.ts';
import { peopleMask } from '../people-mask.ts';
import type { RowMatch } from '../row-mask.ts';
import type { ScanSource } from '../scan-source.ts';
import { SegmentIndex } from '../segment-index.ts';
import type { RankedMetric } from './day-group.ts';
import { DayCutter } from './day-pieces.ts';
import { PreparedDays } from './prepared-days.ts';
import { SlotTable } from './slot-table.ts';
import { UserCounter } from './user-counter.ts';
import { StatePool } from './user-states.ts';

/** Measures that count users. */
export type UserMeasure = Extract<MeasurePlan, { type: 'unique' | 'active' }>;

export interface UserGroupPlan {
  readonly match: RowMatch;
  /** Not null = on days of one piece the activity of the day will do, of users who pass these (`presenceFilters`). */
  readonly presence: readonly FilterPlan[] | null;
  readonly breakdown: PropertyPlan | null;
  readonly measures: readonly UserMeasure[];
  readonly buckets: readonly Bucket[];
}

/** Counters of the same windows, over all users and by segment. */
interface CounterPair {
  readonly overall: UserCounter;
  readonly segments: UserCounter;
}

/** The metrics that count users of the same events with the same filters. What one thread's ranges share. */
export class UserGroup {
  readonly match: RowMatch;
  /** 1 by ordinal where the user passes; `users` null = all do. Null = rows must be looked at. */
  readonly presence: { readonly users: Uint8Array | null } | null;
  readonly breakdown: PropertyPlan | null;
  readonly source: ScanSource;
  readonly slots: SlotTable;
  readonly segmentIndex: SegmentIndex;
  readonly pool = new StatePool();
  readonly cutter: DayCutter;
  readonly prepared: PreparedDays = new PreparedDays(this);
  readonly overall: readonly UserCounter[];
  readonly segments: readonly UserCounter[];
  readonly #pairs: ReadonlyMap<string, CounterPair>;

  constructor(plan: UserGroupPlan, source: ScanSource) {
    this.match = plan.match;
    const { presence } = plan;
    const users = presence?.length ? peopleMask(presence, source) : null;
    this.presence = presence && { users };
    this.breakdown = plan.breakdown;
    this.source = source;
    this.segmentIndex = new SegmentIndex(plan.breakdown?.name ?? '');
    this.slots = new SlotTable(this.segmentIndex);
    const windows = windowsOf(plan);
    const edges = edgesOf(windows);
    this.cutter = new DayCutter(edges);
    this.#pairs = new Map(
      Array.from(windows, ([key, own]) => [
        key,
        { overall: new UserCounter(own, edges), segments: new UserCounter(own, edges) },
      ]),
    );
    this.overall = Array.from(this.#pairs.values(), (pair) => pair.overall);
    this.segments = Array.from(this.#pairs.values(), (pair) => pair.segments);
    for (const counter of this.overall) counter.reserve(1);
  }

  /** Whether rows of the piece matter to any counter. */
  observes(piece: number): boolean {
    return this.overall.some((counter) => counter.windowsOf(piece) !== null);
  }

  /** Makes room for every slot that has been given out. */
  reserveSlots(): void {
    for (const counter of this.segments) counter.reserve(this.slots.count);
  }

  /** As `ScanSet.ranks`, of one metric. Its measure decides which segments it has. */
  ranks({ metric, measure, isRanking }: RankedMetric<UserMeasure>): GroupRanks {
    this.reserveSlots();
    const own = this.slots.all().filter((slot) => this.#has(measure, slot));
    const range = this.#rangeOf(measure, 'segments');
    const counts = Float64Array.from(own, (slot) => range?.rangeOf(slot) ?? 0);
    const allKeys = this.slots.keys();
    const keys = own.map((slot) => allKeys[slot]);
    return [{ keys, metrics: [{ metric, ranks: isRanking ? { type: 'counts', counts } : null }] }];
  }

  /** What one metric of the group has. */
  result(measure: UserMeasure, chosen?: ChosenSegments): MetricPartial {
    this.reserveSlots();
    const segments = (chosen ? this.slots.slotsOf(chosen.keys) : this.slots.all())
      .filter((slot) => this.#has(measure, slot))
      .map((slot) => ({
        segment: this.slots.segment(slot),
        cells: this.#cellsOf(measure, 'segments', slot),
      }));
    const overall = this.#cellsOf(measure, 'overall', 0);
    if (chosen) return { overall, segments, segmentCount: chosen.segmentCount };
    return { overall, segments: packSegments(segments) };
  }

  /** Another measure may look further back, and have met segments that this one does not. */
  #has(measure: UserMeasure, slot: number): boolean {
    const keys = measure.type === 'unique' ? [keyOf(measure)] : [keyOf(measure), rangeKey];
    return keys.some((key) => this.#pairs.get(key)?.segments.has(slot) === true);
  }

  #cellsOf(measure: UserMeasure, part: keyof CounterPair, slot: number): UserCells {
    const counter = this.#pairs.get(keyOf(measure))?.[part];
    const range = this.#rangeOf(measure, part);
    const { at, counts } = counter?.countsOf(slot) ?? { at: [], counts: [] };
    return { type: 'users', at, counts, range: range?.rangeOf(slot) ?? 0 };
  }

  /** Counts users over the whole range. */
  #rangeOf(measure: UserMeasure, part: keyof CounterPair): UserCounter | undefined {
    return this.#pairs.get(measure.type === 'unique' ? keyOf(measure) : rangeKey)?.[part];
  }
}

const rangeKey = 'range';
const keyOf = (measure: UserMeasure): string =>
  measure.type === 'unique' ? 'unique' : JSON.stringify(measure.windows);

/** Every different list of windows; users over the whole range are the one window of `range`. */
function windowsOf({
  measures,
  buckets,
}: Pick<UserGroupPlan, 'measures' | 'buckets'>): Map<string, WindowsPlan> {
  const windows = new Map<string, WindowsPlan>();
  const starts = buckets.map(({ startMs }) => startMs);
  const ends = buckets.map(({ endMs }) => endMs);
  for (const measure of measures) {
    if (measure.type === 'unique') {
      windows.set(keyOf(measure), { starts, ends });
    } else {
      windows.set(keyOf(measure), measure.windows);
      windows.set(rangeKey, { starts: starts.slice(0, 1), ends: ends.slice(-1) });
    }
  }
  return windows;
}

/** Where rows of the group begin to count differently. */
export function edgesOfUsers(plan: Pick<UserGroupPlan, 'measures' | 'buckets'>): Float64Array {
  return edgesOf(windowsOf(plan));
}

function edgesOf(windows: ReadonlyMap<string, WindowsPlan>): Float64Array {
  const all = [...windows.values()].flatMap(({ starts, ends }) => [...starts, ...ends]);
  return Float64Array.from(new Set(all)).sort();
}
