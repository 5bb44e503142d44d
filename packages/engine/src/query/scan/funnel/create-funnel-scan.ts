import { assert } from '../../../base/assert.ts';
import type { FunnelPlan, Plan } from '../../plan/plan-types.ts';
import { distinctIdProperty } from '../people-mask.ts';
import type { ScanSet, UserRange, UserScan } from '../scan.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import { anyEntryBytes } from './any-entry-state.ts';
import { AttemptTable } from './attempt-table.ts';
import type { AttemptShape } from './attempt-table.ts';
import { AttributedValues } from '../attributed-values.ts';
import { AttemptsOver } from './attempts-over.ts';
import { DaySteps } from './day-steps.ts';
import { AnyEntryFollower } from './follow-any-entry.ts';
import { FirstEntryFollower } from './follow-first-entry.ts';
import type { Follower } from './follower.ts';
import { countsTotals, FunnelTally } from './funnel-tally.ts';
import { attributedNames } from './judge-attempts.ts';
import { orderByUser } from './order-by-user.ts';
import { segmentSlots } from '../segment-slots.ts';
import { StepLists, stepsMax } from './step-lists.ts';
import { UserRows } from './user-rows.ts';
import { valueRule } from './value-rule.ts';
import type { ValueRule } from './value-rule.ts';

/**
 * State of a range that is open. A day is followed level by level, and what one level reads of it fits into a
 * second-level cache of 1 MB; smaller ranges would spend their time on finding where their users begin.
 */
const stateBytesMax = 3 * 1024 * 1024;

/**
 * Funnels day by day, with a few numbers a user. Left to the way over all rows are: a grace, with which a
 * step may lie before the one it follows; whatever looks at the user's id as a value, of which every user has one;
 * more steps than an integer has bits.
 */
export function createFunnelScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'funnel' || plan.graceMs > 0 || plan.steps.length > stepsMax) return null;
  const { hold = [], sum = null } = plan.options ?? {};
  if ([plan.breakdown, ...hold, sum].some((own) => own?.name === distinctIdProperty)) return null;
  const rule = valueRule(plan);
  if (rule === null) return null;
  const scan = new FunnelScan(plan, source, rule);
  return { scans: [scan], finish: () => scan.finish() };
}

class FunnelScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly #plan: FunnelPlan;
  readonly #valueRule: ValueRule;
  /**
   * Whether a user may have several attempts: of totals, or as each segment takes its first one. By a property
   * of persons a user has one, as a person has one value: a further one would repeat its segment.
   */
  readonly #repeats: boolean;
  /** Which of the attributed values tells that a further attempt repeats a segment; null = all attempts count. */
  readonly #onceBy: number | null;
  readonly #heldCount: number;
  readonly #lists: StepLists;
  readonly #tally: FunnelTally;
  /** One task a thread at a time: ranges share what lives no longer than a call. */
  readonly #attempts: AttemptTable;
  readonly #rows = new UserRows();
  readonly #days: DaySteps;
  /** Those of ranges that are closed: their state is large, and used again. */
  readonly #idle: Follower[] = [];

  constructor(plan: FunnelPlan, source: ScanSource, rule: ValueRule) {
    const { breakdown } = plan;
    const names = new Set(attributedNames(plan.filters));
    if (breakdown?.scope === 'event') names.add(breakdown.name);
    const values = new AttributedValues([...names], source);
    this.#plan = plan;
    this.#valueRule = rule;
    const isSplit = plan.entry === 'first' && breakdown?.scope === 'event';
    this.#repeats = isSplit || countsTotals(plan);
    this.#onceBy = isSplit && !countsTotals(plan) ? values.indexOf(breakdown.name) : null;
    const { hold = [], sum = null } = plan.options ?? {};
    const held = new AttributedValues(
      hold.map(({ name }) => name),
      source,
    );
    this.#heldCount = hold.length;
    this.#lists = new StepLists(plan, source, {
      attributed: values,
      held,
      summed: sum && sum.name,
    });
    this.#tally = new FunnelTally(
      plan,
      { filters: plan.filters, source, values },
      breakdown && segmentSlots(breakdown, source, values),
    );
    const isTimed = plan.timing || (plan.options?.distribution ?? null) !== null;
    const shape = {
      timeCount: isTimed ? plan.steps.length : 1,
      valueCount: names.size,
      numberCount: sum === null ? 0 : plan.steps.length,
    };
    this.#days = new DaySteps(plan.steps.length, this.#repeats);
    this.#attempts = new AttemptTable(shape);
    this.usersMax = Math.floor(stateBytesMax / userBytes(plan, shape));
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const users = { first, end };
    const over = this.#repeats
      ? new AttemptsOver(this.#attempts.shape, first, end - first, this.#onceBy)
      : null;
    const follower = this.#idle.pop() ?? this.#follower();
    follower.begin(end - first, over);
    return {
      add: (added) => {
        for (const day of added) this.#followDay(day, users, follower);
      },
      close: () => {
        this.#attempts.clear();
        follower.close(first, over ? over.table : this.#attempts);
        this.#idle.push(follower);
        // Attempts that are over came in the order of days, and those that run still come last.
        if (over) orderByUser(over.table, users, this.#attempts);
        this.#tally.take(this.#attempts);
      },
    };
  }

  finish() {
    return this.#tally.finish();
  }

  #follower(): Follower {
    const { steps, windowMs } = this.#plan;
    const rules = {
      stepCount: steps.length,
      windowMs,
      values: this.#valueRule,
      heldCount: this.#heldCount,
    };
    const { shape } = this.#attempts;
    return followsEveryEntry(this.#plan)
      ? new AnyEntryFollower(rules, shape)
      : new FirstEntryFollower(rules, shape);
  }

  #followDay(
    day: DayRows,
    users: { readonly first: number; readonly end: number },
    follower: Follower,
  ): void {
    const lists = this.#lists.of(day, users.first, users.end);
    if (lists.length === 0) return;
    const followed = this.#days.of(lists, users, day.startMs);
    follower.followDay(followed);
    for (const user of followed.tied) {
      this.#rows.take(users.first + user, lists);
      follower.followRows(user, this.#rows, followed);
    }
  }
}

/** Of totals attempts follow one another, whichever one a user would have (5.2). */
function followsEveryEntry(plan: FunnelPlan): boolean {
  return plan.entry === 'any' && !countsTotals(plan);
}

function userBytes(plan: FunnelPlan, shape: AttemptShape): number {
  if (followsEveryEntry(plan)) return anyEntryBytes(plan.steps.length, shape);
  const heldCount = plan.options?.hold.length ?? 0;
  return 17 + 8 * (shape.timeCount + shape.numberCount) + 4 * (shape.valueCount + heldCount);
}
