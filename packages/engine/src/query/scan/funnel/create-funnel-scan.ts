import { assert } from '../../../base/assert.ts';
import { storedBreakdowns } from '../../plan/plain-plan.ts';
import type { FunnelPlan, Plan } from '../../plan/plan-types.ts';
import type { HadFirst } from '../first-times.ts';
import { distinctIdProperty } from '../people-mask.ts';
import type { ScanSet, UserRange, UserScan } from '../scan.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import { anyEntryBytes } from './any-entry-state.ts';
import { AttemptTable } from './attempt-table.ts';
import { AttemptsOver } from './attempts-over.ts';
import { DaySteps } from './day-steps.ts';
import { AnyEntryFollower } from './follow-any-entry.ts';
import { FirstEntryFollower } from './follow-first-entry.ts';
import type { Follower } from './follower.ts';
import { firstEntryBytes, funnelParts } from './funnel-parts.ts';
import type { FunnelParts } from './funnel-parts.ts';
import { countsTotals } from './funnel-tally.ts';
import { orderByUser } from './order-by-user.ts';
import { stepsMax } from './step-lists.ts';
import { hasFewOpen, isTrend, TrendScan } from './trend-scan.ts';
import type { TrendPlan } from './trend-scan.ts';
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
 * more steps than an integer has bits; more funnels at once than are followed side by side.
 */
export function createFunnelScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'funnel' || plan.graceMs > 0 || plan.steps.length > stepsMax) return null;
  const { hold = [], sum = null } = plan.options ?? {};
  const read = [...storedBreakdowns(plan), ...hold, sum];
  if (read.some((own) => own?.name === distinctIdProperty)) return null;
  const rule = valueRule(plan);
  if (rule === null) return null;
  if (isTrend(plan)) return hasFewOpen(plan) ? trendScans(plan, source, rule) : null;
  const scan = new FunnelScan(plan, source, rule);
  return { scans: [scan], finish: () => scan.finish() };
}

/** The funnel of the whole range, and beside it those of its buckets (5.11). */
function trendScans(plan: TrendPlan, source: ScanSource, rule: ValueRule): ScanSet {
  const whole = new FunnelScan({ ...plan, buckets: null }, source, rule);
  const trend = new TrendScan(plan, source, rule);
  return {
    scans: [whole, trend],
    finish: () => ({ ...whole.finish(), ...trend.finish() }),
  };
}

class FunnelScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly userBytes: number;
  readonly #plan: FunnelPlan;
  readonly #parts: FunnelParts;
  /**
   * Whether a user may have several attempts: of totals, or as each segment takes its first one. By a property
   * of persons a user has one, as a person has one value: a further one would repeat its segment.
   */
  readonly #repeats: boolean;
  /** Which of the attributed values tells that a further attempt repeats a segment; null = all attempts count. */
  readonly #onceBy: number | null;
  /** One task a thread at a time: ranges share what lives no longer than a call. */
  readonly #attempts: AttemptTable;
  readonly #rows = new UserRows();
  readonly #days: DaySteps;
  /** Those of ranges that are closed: their state is large, and used again. */
  readonly #idle: Follower[] = [];

  constructor(plan: FunnelPlan, source: ScanSource, rule: ValueRule) {
    const ofEvents = storedBreakdowns(plan).filter(({ scope }) => scope === 'event');
    const isSplit = plan.entry === 'first' && ofEvents.length > 0;
    const { values, shape } = (this.#parts = funnelParts(plan, source, rule));
    this.#plan = plan;
    this.#repeats = isSplit || countsTotals(plan);
    const isOnceByOne = isSplit && ofEvents.length === 1 && !countsTotals(plan);
    this.#onceBy = isOnceByOne ? values.indexOf(ofEvents[0].name) : null;
    this.#days = new DaySteps(plan.steps.length, this.#repeats);
    this.#attempts = new AttemptTable(shape);
    this.userBytes = userBytes(plan, this.#parts);
    this.usersMax = Math.floor(stateBytesMax / this.userBytes);
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const users = { first, end, had: this.#parts.lists.begin(end - first) };
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
        this.#parts.tally.take(this.#attempts);
      },
    };
  }

  finish() {
    return this.#parts.tally.finish();
  }

  #follower(): Follower {
    const { rules, shape } = this.#parts;
    return followsEveryEntry(this.#plan)
      ? new AnyEntryFollower(rules, shape)
      : new FirstEntryFollower(rules, shape);
  }

  #followDay(
    day: DayRows,
    users: { readonly first: number; readonly end: number; readonly had: HadFirst },
    follower: Follower,
  ): void {
    const lists = this.#parts.lists.of(day, users.first, users.end, users.had);
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

function userBytes(plan: FunnelPlan, parts: FunnelParts): number {
  if (followsEveryEntry(plan)) return anyEntryBytes(plan.steps.length, parts.shape);
  return firstEntryBytes(parts);
}
