import { GrowableUint32 } from '../../../base/growable.ts';
import { bucketEdges } from '../../exec/bucket-edges.ts';
import { cellCount } from '../../exec/memory.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import { otherSegment } from '../../merge/funnel.ts';
import type { FunnelCells, FunnelPartial, SegmentCells } from '../../merge/partial.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { AttemptTable } from './attempt-table.ts';
import { judgeAttempts } from './judge-attempts.ts';
import type { AttemptJudge } from './judge-attempts.ts';
import { OtherTally } from './other-tally.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import { countsOf, durationsWithin, packed, StepTally } from './step-tally.ts';
import type { Durations } from './step-tally.ts';

/** What attempts add up to: filters, segments, counts and times of a funnel. */
export class FunnelTally {
  readonly #plan: FunnelPlan;
  readonly #isTotals: boolean;
  readonly #judge: AttemptJudge;
  readonly #slots: SegmentSlots | null;
  readonly #edges: Float64Array | null;
  readonly #overall: StepTally;
  /** Of follow-up plans alone, which have no other segment. */
  readonly #others: OtherTally | null;
  /** Of each slot of the breakdown that somebody is in. */
  readonly #segments: (StepTally | undefined)[] = [];
  /** By bucket and level reached. */
  readonly #byEntry: Float64Array;
  /** The same of each slot, where there are buckets. */
  readonly #segmentsByEntry: (Float64Array | undefined)[] = [];
  /** Times between the two steps of the plan's distribution. */
  readonly #distribution: Durations;
  #stillOpen = 0;
  /**
   * Whether the times of all attempts counted are those of the segments: as long as each attempt has been in
   * exactly one, nobody keeps them a second time.
   */
  #timesInSegments: boolean;
  /** Last user counted in a slot, ordinal. */
  readonly #lastUsers = new GrowableUint32();

  constructor(plan: FunnelPlan, judge: AttemptJudge, slots: SegmentSlots | null) {
    this.#plan = plan;
    this.#isTotals = countsTotals(plan);
    this.#judge = judge;
    this.#slots = slots;
    this.#edges = plan.buckets && bucketEdges(plan.buckets);
    this.#overall = new StepTally(plan);
    this.#byEntry = new Float64Array((plan.buckets?.length ?? 0) * (plan.steps.length + 1));
    this.#distribution = durationsWithin(plan.windowMs);
    const others = plan.options?.others ?? null;
    this.#others =
      slots &&
      others &&
      new OtherTally(plan, others, { isTotals: this.#isTotals, edges: this.#edges });
    this.#timesInSegments = plan.timing && slots !== null && this.#others === null;
  }

  /**
   * Counts the attempts of some users, and of these users all. Attempts of one user lie together, in the
   * order of their entries: the first one counts, and the first one in each segment (5.2, 5.9); of totals all do.
   */
  take(table: AttemptTable): void {
    const passed = judgeAttempts(this.#judge, table);
    const codes = this.#slots && this.#slots.codesOf(table);
    if (this.#slots && codes && this.#timesInSegments) {
      this.#keepTimesOnce(this.#slots, codes, table);
    }
    this.#takeAll(table, passed);
    this.#takeDistribution(table, passed);
    if (!this.#slots || !codes) return;
    if (this.#others) this.#others.take(this.#slots, codes, table, passed);
    else this.#takeSegments(this.#slots, codes, table, passed);
  }

  /** The attempts taken next are of another funnel: whoever counted before counts again. */
  forgetUsers(): void {
    this.#lastUsers.array.fill(0);
  }

  finish(): FunnelPartial {
    const { distribution } = this.#plan.options ?? {};
    return {
      type: 'funnel',
      overall: this.#overall.cells(),
      segments: this.#segmentCells(),
      timesInSegments: this.#timesInSegments,
      byEntry: this.#entryCounts(this.#byEntry),
      ...(this.#slots && this.#edges && { byEntrySegments: this.#segmentEntries(this.#slots) }),
      stillOpen: this.#stillOpen,
      ...(distribution && { distributionMs: packed(this.#distribution) }),
    };
  }

  /** From the first users on whose segments repeat an attempt or leave one out, the whole has times of its own. */
  #keepTimesOnce(slots: SegmentSlots, codes: Uint32Array, table: AttemptTable): void {
    if (isPartition(slots, codes, table, this.#isTotals)) return;
    this.#timesInSegments = false;
    for (const segment of this.#segments) if (segment) this.#overall.addTimesOf(segment);
  }

  /** Counts, entries by bucket, and windows that are still open. */
  #takeAll(table: AttemptTable, passed: Uint8Array | null): void {
    const { windowMs, nowMs, steps, options } = this.#plan;
    const lastMs = options?.inRange === true ? this.#plan.endMs - 1 : Infinity;
    const isTotals = this.#isTotals;
    const stepCount = steps.length;
    const users = table.users.array;
    const levels = table.levels.array;
    const times = table.times.array;
    const { timeCount } = table.shape;
    const edges = this.#edges;
    const withTimes = this.#plan.timing && !this.#timesInSegments;
    let stillOpen = 0;
    for (let attempt = 0; attempt < table.count; attempt++) {
      if (passed !== null && passed[attempt] === 0) continue;
      if (!isTotals && attempt > 0 && users[attempt - 1] === users[attempt]) continue;
      this.#overall.count(table, attempt);
      if (withTimes) this.#overall.addTimes(table, attempt);
      const entryMs = times[attempt * timeCount];
      if (levels[attempt] < stepCount && nowMs <= Math.min(lastMs, entryMs + windowMs)) stillOpen++;
      if (edges === null) continue;
      this.#byEntry[lastAtMost(edges, entryMs) * (stepCount + 1) + levels[attempt]]++;
    }
    this.#stillOpen += stillOpen;
  }

  #takeDistribution(table: AttemptTable, passed: Uint8Array | null): void {
    const { distribution } = this.#plan.options ?? {};
    if (!distribution) return;
    const { from, to } = distribution;
    const isTotals = this.#isTotals;
    const users = table.users.array;
    const levels = table.levels.array;
    const times = table.times.array;
    const { timeCount } = table.shape;
    for (let attempt = 0; attempt < table.count; attempt++) {
      if (levels[attempt] <= to || (passed !== null && passed[attempt] === 0)) continue;
      if (!isTotals && attempt > 0 && users[attempt - 1] === users[attempt]) continue;
      const entry = attempt * timeCount;
      this.#distribution.push(times[entry + to] - times[entry + from]);
    }
  }

  #takeSegments(
    { index }: SegmentSlots,
    codes: Uint32Array,
    table: AttemptTable,
    passed: Uint8Array | null,
  ): void {
    const { timing, steps } = this.#plan;
    const { timeCount } = table.shape;
    const edges = this.#edges;
    const isTotals = this.#isTotals;
    const levels = table.levels.array;
    cellCount(index.segments.length, Math.max(steps.length, this.#byEntry.length));
    this.#lastUsers.extendTo(index.segments.length);
    const lastUsers = this.#lastUsers.array;
    const users = table.users.array;
    for (let attempt = 0; attempt < table.count; attempt++) {
      const user = users[attempt];
      const code = codes[attempt];
      const first = index.starts[code];
      const end = index.starts[code + 1];
      for (let at = first; at < end; at++) {
        const slot = index.slots[at];
        // A user is once in a segment, also where a filter then turns the attempt away.
        if (!isTotals && lastUsers[slot] === user) continue;
        lastUsers[slot] = user;
        if (passed !== null && passed[attempt] === 0) continue;
        const segment = (this.#segments[slot] ??= new StepTally(this.#plan));
        segment.count(table, attempt);
        if (timing) segment.addTimes(table, attempt);
        if (edges === null) continue;
        const byEntry = (this.#segmentsByEntry[slot] ??= new Float64Array(this.#byEntry.length));
        const bucket = lastAtMost(edges, table.times.array[attempt * timeCount]);
        byEntry[bucket * (steps.length + 1) + levels[attempt]]++;
      }
    }
  }

  #segmentCells(): SegmentCells<FunnelCells>[] {
    if (!this.#slots) return [];
    if (this.#others) {
      const { segment } = this.#others;
      return segment ? [{ segment: otherSegment, cells: segment.cells() }] : [];
    }
    const { segments } = this.#slots.index;
    return this.#segments.flatMap((tally, slot) =>
      tally ? [{ segment: segments[slot], cells: tally.cells() }] : [],
    );
  }

  #segmentEntries({ index }: SegmentSlots): SegmentCells<number[][]>[] {
    if (this.#others) {
      const { byEntry } = this.#others;
      return byEntry ? [{ segment: otherSegment, cells: this.#entryCounts(byEntry) }] : [];
    }
    return this.#segmentsByEntry.flatMap((byEntry, slot) =>
      byEntry ? [{ segment: index.segments[slot], cells: this.#entryCounts(byEntry) }] : [],
    );
  }

  #entryCounts(byEntry: Float64Array): number[][] {
    const width = this.#plan.steps.length + 1;
    return (this.#plan.buckets ?? []).map((_, bucket) =>
      countsOf(byEntry.subarray(bucket * width, (bucket + 1) * width)),
    );
  }
}

/** Whether every attempt counts (5.2), and not one of a user. */
export function countsTotals({ options }: FunnelPlan): boolean {
  return options?.counting === 'totals';
}

/** Whether what counts is in one segment each: attempts of totals, or else the one of each user. */
function isPartition(
  { index }: SegmentSlots,
  codes: Uint32Array,
  table: AttemptTable,
  isTotals: boolean,
): boolean {
  const users = table.users.array;
  const { starts } = index;
  for (let attempt = 0; attempt < table.count; attempt++) {
    if (!isTotals && attempt > 0 && users[attempt - 1] === users[attempt]) return false;
    if (starts[codes[attempt] + 1] - starts[codes[attempt]] !== 1) return false;
  }
  return true;
}
