import { GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';
import { bucketEdges } from '../../exec/bucket-edges.ts';
import { cellCount } from '../../exec/memory.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import { packNumbers } from '../../merge/packed-numbers.ts';
import type { FunnelCells, FunnelPartial, SegmentCells } from '../../merge/partial.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { AttemptTable } from './attempt-table.ts';
import { judgeAttempts } from './judge-attempts.ts';
import type { AttemptJudge } from './judge-attempts.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import { sortDurations } from './sort-durations.ts';

/** What attempts add up to: filters, segments, counts and times of a funnel. */
export class FunnelTally {
  readonly #plan: FunnelPlan;
  readonly #judge: AttemptJudge;
  readonly #slots: SegmentSlots | null;
  readonly #edges: Float64Array | null;
  readonly #overall: StepTally;
  /** Of each slot of the breakdown that somebody is in. */
  readonly #segments: (StepTally | undefined)[] = [];
  /** By bucket and level reached. */
  readonly #byEntry: Float64Array;
  #stillOpen = 0;
  /** Whether each attempt counted has been in exactly one segment, so that these add up to all. */
  #segmentsPartition: boolean;
  /** Last user counted in a slot, ordinal. */
  readonly #lastUsers = new GrowableUint32();

  constructor(plan: FunnelPlan, judge: AttemptJudge, slots: SegmentSlots | null) {
    this.#plan = plan;
    this.#judge = judge;
    this.#slots = slots;
    this.#edges = plan.buckets && bucketEdges(plan.buckets);
    this.#overall = new StepTally(plan);
    this.#byEntry = new Float64Array((plan.buckets?.length ?? 0) * (plan.steps.length + 1));
    this.#segmentsPartition = slots !== null;
  }

  /**
   * Counts the attempts of some users, and of these users all. Attempts of one user lie together, in the
   * order of their entries: the first one counts, and the first one in each segment (5.2, 5.9).
   */
  take(table: AttemptTable): void {
    const passed = judgeAttempts(this.#judge, table);
    this.#takeAll(table, passed);
    if (this.#slots) this.#takeSegments(this.#slots, table, passed);
  }

  finish(): FunnelPartial {
    const timesInSegments = this.#plan.timing && this.#segmentsPartition;
    return {
      type: 'funnel',
      overall: this.#overall.cells(!timesInSegments),
      segments: this.#segmentCells(),
      timesInSegments,
      byEntry: this.#entryCounts(),
      stillOpen: this.#stillOpen,
    };
  }

  /** Counts, entries by bucket, and windows that are still open. */
  #takeAll(table: AttemptTable, passed: Uint8Array | null): void {
    const { windowMs, nowMs, steps } = this.#plan;
    const stepCount = steps.length;
    const users = table.users.array;
    const levels = table.levels.array;
    const times = table.times.array;
    const { timeCount } = table.shape;
    const edges = this.#edges;
    let stillOpen = 0;
    for (let attempt = 0; attempt < table.count; attempt++) {
      if (passed !== null && passed[attempt] === 0) continue;
      if (attempt > 0 && users[attempt - 1] === users[attempt]) continue;
      this.#overall.add(table, attempt);
      const entryMs = times[attempt * timeCount];
      if (levels[attempt] < stepCount && nowMs <= entryMs + windowMs) stillOpen++;
      if (edges === null) continue;
      this.#byEntry[lastAtMost(edges, entryMs) * (stepCount + 1) + levels[attempt]]++;
    }
    this.#stillOpen += stillOpen;
  }

  #takeSegments(slots: SegmentSlots, table: AttemptTable, passed: Uint8Array | null): void {
    const codes = slots.codesOf(table);
    const { index } = slots;
    cellCount(index.segments.length, this.#plan.steps.length);
    this.#lastUsers.extendTo(index.segments.length);
    const lastUsers = this.#lastUsers.array;
    const users = table.users.array;
    for (let attempt = 0; attempt < table.count; attempt++) {
      const user = users[attempt];
      const code = codes[attempt];
      const first = index.starts[code];
      const end = index.starts[code + 1];
      const isFirst = attempt === 0 || users[attempt - 1] !== user;
      if (!isFirst || end - first !== 1) this.#segmentsPartition = false;
      for (let at = first; at < end; at++) {
        const slot = index.slots[at];
        // A user is once in a segment, also where a filter then turns the attempt away.
        if (lastUsers[slot] === user) continue;
        lastUsers[slot] = user;
        if (passed !== null && passed[attempt] === 0) continue;
        (this.#segments[slot] ??= new StepTally(this.#plan)).add(table, attempt);
      }
    }
  }

  #segmentCells(): SegmentCells<FunnelCells>[] {
    if (!this.#slots) return [];
    const { segments } = this.#slots.index;
    return this.#segments.flatMap((tally, slot) =>
      tally ? [{ segment: segments[slot], cells: tally.cells(true) }] : [],
    );
  }

  #entryCounts(): number[][] {
    const width = this.#plan.steps.length + 1;
    return (this.#plan.buckets ?? []).map((_, bucket) =>
      countsOf(this.#byEntry.subarray(bucket * width, (bucket + 1) * width)),
    );
  }
}

/** Attempts by the step they reached, and the times of their steps. */
class StepTally {
  readonly #timing: boolean;
  /** Attempts by level. */
  readonly #levels: Float64Array;
  /** By step; those of the first step stay empty. */
  readonly #fromEntry: readonly GrowableFloat64[];
  /** By step; those of the second step are its times from the entry. */
  readonly #fromPrevious: readonly GrowableFloat64[];

  constructor({ steps, timing }: FunnelPlan) {
    this.#timing = timing;
    this.#levels = new Float64Array(steps.length + 1);
    this.#fromEntry = steps.map(() => new GrowableFloat64());
    this.#fromPrevious = steps.map(() => new GrowableFloat64());
  }

  add({ levels, times, shape }: AttemptTable, attempt: number): void {
    const level = levels.array[attempt];
    this.#levels[level]++;
    if (!this.#timing) return;
    const all = times.array;
    const entry = attempt * shape.timeCount;
    for (let step = 1; step < level; step++) {
      this.#fromEntry[step].push(all[entry + step] - all[entry]);
      if (step > 1) this.#fromPrevious[step].push(all[entry + step] - all[entry + step - 1]);
    }
  }

  cells(withTimes: boolean): FunnelCells {
    const lists = (own: readonly GrowableFloat64[]) =>
      own.map(({ array, length }) => {
        if (!withTimes) return [];
        const values = array.subarray(0, length);
        sortDurations(values);
        return packNumbers({ values, counts: null });
      });
    return {
      counts: countsOf(this.#levels),
      fromEntryMs: lists(this.#fromEntry),
      fromPreviousMs: lists(this.#fromPrevious),
    };
  }
}

/** From attempts by level to attempts that reached each step. */
function countsOf(levels: Float64Array): number[] {
  const counts: number[] = [];
  let reached = 0;
  for (let level = levels.length - 1; level >= 1; level--) {
    reached += levels[level];
    counts.push(reached);
  }
  return counts.reverse();
}
