import { assert } from '../../../base/assert.ts';
import type { Plan, RetentionPlan } from '../../plan/plan-types.ts';
import { AttributedValues } from '../attributed-values.ts';
import { distinctIdProperty } from '../people-mask.ts';
import type { ScanSet, UserRange, UserScan } from '../scan.ts';
import type { ScanSource } from '../scan-source.ts';
import { otherSlots, segmentSlots } from '../segment-slots.ts';
import type { SegmentSlots } from '../segment-slots.ts';
import { newState, rangeContext, RetentionRange } from './retention-range.ts';
import type { RangeContext, RangeState } from './retention-range.ts';
import { RetentionTally } from './retention-tally.ts';

/**
 * Some 25 bytes a user and 25 to 60 a birth: a range stays in a second-level cache of 1 MB, with one birth
 * a user or with some ten.
 */
const usersMax = { first: 16_384, every_bucket: 2048 } as const;

/** Of `BirthLog`, `ReturnDays` and `ActiveBuckets`, without births. */
const userBytes = 28;
/** Of `ReturnPairs`: five lists, and a table of which half is free. */
const pairBytes = 5 * 4 + 8;
const cellBytes = 2 * 4 + 2 * 8;

/**
 * Retention day by day: births first, then who came back. Left to the way over all rows is a breakdown by
 * the user's id, where every user is a segment.
 */
export function createRetentionScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'retention' || plan.breakdown?.name === distinctIdProperty) return null;
  const scan = new RetentionScan(plan, source);
  return { scans: [scan], finish: () => scan.finish() };
}

class RetentionScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly userBytes: number;
  readonly #context: RangeContext;
  readonly #tally: RetentionTally;
  /** Of ranges that were closed, for the next. Never more than were open at once. */
  readonly #free: RangeState[] = [];

  constructor(plan: RetentionPlan, source: ScanSource) {
    const { breakdown } = plan;
    const names = breakdown?.scope === 'event' ? [breakdown.name] : [];
    const values = new AttributedValues(names, source);
    this.usersMax = usersMax[plan.births];
    this.#context = rangeContext(plan, source, values);
    const wordCount = Math.ceil(this.#context.unitCount / 32);
    this.userBytes = bytesOfUser(plan, this.#context, wordCount);
    this.#tally = new RetentionTally(plan, slotsOfPlan(plan, source, values), wordCount);
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const state = this.#free.pop() ?? newState(this.#context, Math.max(this.usersMax, end - first));
    const range = new RetentionRange(this.#context, state);
    range.open(first, end);
    return {
      add: (days) => {
        for (const day of days) range.addDay(day);
      },
      close: () => {
        range.addActiveReturns();
        this.#tally.take(state.births, state.pairs);
        this.#free.push(state);
      },
    };
  }

  finish() {
    return this.#tally.finish();
  }
}

/** Births of a user, values that a birth comes back with and units with numbers of each: most have no more. */
const usual = { births: 4, values: 4, units: 4 } as const;

/** What is kept of a user while his range is open, about. `wordCount`: of 32 units each. */
function bytesOfUser(
  { births, breakdown, options }: Pick<RetentionPlan, 'births' | 'breakdown' | 'options'>,
  { rows }: Pick<RangeContext, 'rows'>,
  wordCount: number,
): number {
  const birthCount = births === 'first' ? 1 : usual.births;
  const birth = 24 + 4 * wordCount;
  if (rows === null) return userBytes + birthCount * birth;
  const isSplit = breakdown !== null && options?.segmentBy !== 'birth';
  const isSummed = options !== null && options.measure.type !== 'users';
  const pair = pairBytes + 4 * wordCount + (isSummed ? usual.units * cellBytes : 0);
  return userBytes + birthCount * (birth + (isSplit ? usual.values : 1) * pair);
}

/** Null = the plan has no breakdown. */
function slotsOfPlan(
  { breakdown, options }: RetentionPlan,
  source: ScanSource,
  values: AttributedValues,
): SegmentSlots | null {
  if (breakdown === null) return null;
  const slots = segmentSlots(breakdown, source, values);
  const listed = options?.listed ?? null;
  return listed === null ? slots : otherSlots(slots, listed);
}
