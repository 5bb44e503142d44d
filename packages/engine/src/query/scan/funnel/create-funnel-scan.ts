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
import { AnyEntryFollower } from './follow-any-entry.ts';
import { FirstEntryFollower } from './follow-first-entry.ts';
import type { Follower } from './follower.ts';
import { FunnelTally } from './funnel-tally.ts';
import { attributedNames } from './judge-attempts.ts';
import { orderByUser } from './order-by-user.ts';
import { segmentSlots } from '../segment-slots.ts';
import { StepLists, stepsMax } from './step-lists.ts';
import { StepRuns } from './step-runs.ts';
import { UserDays } from './user-days.ts';
import { UserRows } from './user-rows.ts';

/** State of a range that is open: most of a second-level cache of 1 MB. */
const stateBytesMax = 640 * 1024;

/**
 * Funnels day by day, with a few numbers a user. Left to the way over all rows are: a grace, with which a
 * step may lie before the one it follows; a breakdown by the user's id, where every user is a segment;
 * more steps than an integer has bits.
 */
export function createFunnelScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'funnel' || plan.graceMs > 0 || plan.steps.length > stepsMax) return null;
  if (plan.breakdown?.name === distinctIdProperty) return null;
  const scan = new FunnelScan(plan, source);
  return { scans: [scan], finish: () => scan.finish() };
}

class FunnelScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly #plan: FunnelPlan;
  /**
   * Which of the attributed values the breakdown is by, where a user may have several attempts; else null.
   * By a property of persons it has one, as a person has one value: a further one would repeat its segment.
   */
  readonly #repeatsBy: number | null;
  readonly #lists: StepLists;
  readonly #tally: FunnelTally;
  /** One task a thread at a time: ranges share what lives no longer than a call. */
  readonly #attempts: AttemptTable;
  readonly #rows = new UserRows();
  readonly #runs: StepRuns;

  constructor(plan: FunnelPlan, source: ScanSource) {
    const { breakdown } = plan;
    const names = new Set(attributedNames(plan.filters));
    if (breakdown?.scope === 'event') names.add(breakdown.name);
    const values = new AttributedValues([...names], source);
    this.#plan = plan;
    const repeats = plan.entry === 'first' && breakdown?.scope === 'event';
    this.#repeatsBy = repeats ? values.indexOf(breakdown.name) : null;
    this.#lists = new StepLists(plan, source, values);
    this.#tally = new FunnelTally(
      plan,
      { filters: plan.filters, source, values },
      breakdown && segmentSlots(breakdown, source, values),
    );
    const shape = { timeCount: plan.timing ? plan.steps.length : 1, valueCount: names.size };
    this.#runs = new StepRuns(plan.steps.length);
    this.#attempts = new AttemptTable(shape);
    this.usersMax = Math.floor(stateBytesMax / userBytes(plan, shape));
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const users = { first, end };
    const over =
      this.#repeatsBy === null
        ? null
        : new AttemptsOver(this.#attempts.shape, first, end - first, this.#repeatsBy);
    const follower = this.#follower(end - first, over);
    const days = new UserDays(end - first);
    return {
      add: (added) => {
        for (const day of added) this.#followDay(day, users, follower, days);
      },
      close: () => {
        this.#attempts.clear();
        follower.close(first, over ? over.table : this.#attempts);
        // Attempts that are over came in the order of days, and those that run still come last.
        if (over) orderByUser(over.table, users, this.#attempts);
        this.#tally.take(this.#attempts);
      },
    };
  }

  finish() {
    return this.#tally.finish();
  }

  #follower(userCount: number, over: AttemptsOver | null): Follower {
    const rules = { stepCount: this.#plan.steps.length, windowMs: this.#plan.windowMs };
    const { shape } = this.#attempts;
    return this.#plan.entry === 'any'
      ? new AnyEntryFollower(userCount, rules, shape)
      : new FirstEntryFollower(userCount, rules, shape, over);
  }

  #followDay(
    day: DayRows,
    { first, end }: { readonly first: number; readonly end: number },
    follower: Follower,
    days: UserDays,
  ): void {
    const lists = this.#lists.of(day, first, end);
    if (lists.length === 0) return;
    const followed = { startMs: day.startMs, lists };
    const rows = this.#rows;
    days.begin(lists, first, follower);
    const bySteps = this.#runs.beginDay(lists);
    for (let i = 0; i < days.touchedCount; i++) {
      const user = days.touched[i];
      const link = days.takeFirst(user);
      if (bySteps) {
        this.#runs.take(days, link);
        if (follower.followRuns(user, this.#runs, followed)) continue;
      }
      rows.take(days, link, lists, follower.entriesNeeded);
      follower.follow(user, rows, followed);
    }
  }
}

function userBytes({ entry, steps }: FunnelPlan, shape: AttemptShape): number {
  // Runs of the day at hand are chained by four bytes a user.
  if (entry === 'any') return 4 + anyEntryBytes(steps.length, shape);
  return 14 + 8 * shape.timeCount + 4 * shape.valueCount;
}
