import type { Segment } from '@arbor/schema/result';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import { segmentKey } from '../../merge/segment-groups.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import type { AttemptTable } from './attempt-table.ts';
import { StepTally } from './step-tally.ts';

/**
 * The one segment of all that do not come back by themselves, of follow-up plans (5.9): the first attempt of each user
 * that lies in any of them, in the whole range and by bucket of entry, where others are listed.
 */
export class OtherTally {
  /** Null = nobody is in it. */
  segment: StepTally | null = null;
  /** By bucket and level reached; likewise. */
  byEntry: Float64Array | null = null;
  readonly #plan: FunnelPlan;
  readonly #isTotals: boolean;
  readonly #edges: Float64Array | null;
  readonly #inRange: SlotList;
  readonly #inBuckets: SlotList;

  constructor(
    plan: FunnelPlan,
    others: { readonly segments: readonly string[]; readonly byEntry: readonly string[] },
    { isTotals, edges }: { readonly isTotals: boolean; readonly edges: Float64Array | null },
  ) {
    this.#plan = plan;
    this.#isTotals = isTotals;
    this.#edges = edges;
    this.#inRange = new SlotList(others.segments);
    this.#inBuckets = new SlotList(others.byEntry);
  }

  /** Attempts as `FunnelTally` takes them; `codes` by attempt. */
  take(
    { index }: SegmentSlots,
    codes: Uint32Array,
    table: AttemptTable,
    passed: Uint8Array | null,
  ): void {
    const users = table.users.array;
    for (let attempt = 0; attempt < table.count; attempt++) {
      const from = index.starts[codes[attempt]];
      const end = index.starts[codes[attempt] + 1];
      const passes = passed === null || passed[attempt] === 1;
      for (let at = from; at < end; at++) {
        const slot = index.slots[at];
        const segment = index.segments[slot];
        // A user is once in it, also where a filter then turns the attempt away.
        if (this.#inRange.takes(slot, segment, attempt, users[attempt], this.#isTotals)) {
          if (passes) this.#count(table, attempt);
        }
        if (this.#edges === null) continue;
        if (this.#inBuckets.takes(slot, segment, attempt, users[attempt], this.#isTotals)) {
          if (passes) this.#countEntry(this.#edges, table, attempt);
        }
      }
    }
    this.#inRange.forgetAttempts();
    this.#inBuckets.forgetAttempts();
  }

  #count(table: AttemptTable, attempt: number): void {
    this.segment ??= new StepTally(this.#plan);
    this.segment.count(table, attempt);
    if (this.#plan.timing) this.segment.addTimes(table, attempt);
  }

  #countEntry(edges: Float64Array, table: AttemptTable, attempt: number): void {
    const width = this.#plan.steps.length + 1;
    this.byEntry ??= new Float64Array((edges.length - 1) * width);
    const bucket = lastAtMost(edges, table.times.array[attempt * table.shape.timeCount]);
    this.byEntry[bucket * width + table.levels.array[attempt]]++;
  }
}

const unknown = 0;
const listed = 1;
const other = 2;

/** Which slots are of segments that come back by themselves, and which attempt was the last in any other. */
class SlotList {
  readonly #keys: ReadonlySet<string>;
  /** By slot. */
  #states = new Uint8Array(64);
  #lastUser = 0;
  #lastAttempt = -1;

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys);
  }

  /** Whether the attempt counts among the others by this slot, and did not by one before. */
  takes(slot: number, segment: Segment, attempt: number, user: number, isTotals: boolean): boolean {
    if (this.#stateOf(slot, segment) === listed || attempt === this.#lastAttempt) return false;
    if (!isTotals && user === this.#lastUser) return false;
    this.#lastAttempt = attempt;
    this.#lastUser = user;
    return true;
  }

  /** Attempts of another table are other ones; of its users none was in this one. */
  forgetAttempts(): void {
    this.#lastAttempt = -1;
  }

  #stateOf(slot: number, segment: Segment): number {
    if (slot >= this.#states.length) {
      const larger = new Uint8Array(2 * slot);
      larger.set(this.#states);
      this.#states = larger;
    }
    if (this.#states[slot] === unknown) {
      this.#states[slot] = this.#keys.has(segmentKey(segment)) ? listed : other;
    }
    return this.#states[slot];
  }
}
