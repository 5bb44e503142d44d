import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { must } from '../../src/base/assert.ts';
import { createRowScan } from '../../src/query/host/row-scan.ts';
import { mergePartials } from '../../src/query/merge/merge.ts';
import type { Partial } from '../../src/query/merge/merge.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import type { Plan, PlanContext } from '../../src/query/plan/plan.ts';
import type { DayRows, ScanSource } from '../../src/query/scan/scan-source.ts';
import type { ScanFactory, UserRange, UserScan } from '../../src/query/scan/scan.ts';
import { answer } from './ask.ts';
import { pruned } from './pruned-source.ts';
import { buildScanSource } from './scan-source.ts';
import type { World } from './world.ts';

/** How the work of a query falls on threads. */
export interface ScanCuts {
  readonly threads: number;
  /** Most users of a range. */
  readonly users: number;
  /** Most days of a call of `add`. */
  readonly days: number;
  /** Whether a thread opens all its ranges before it closes the first, as when columns do not fit. */
  readonly together: boolean;
}

export const scanCuts: fc.Arbitrary<ScanCuts> = fc.record({
  threads: fc.integer({ min: 1, max: 3 }),
  users: fc.integer({ min: 1, max: 4 }),
  days: fc.constantFrom(1, 3, 1000),
  together: fc.boolean(),
});

/** The answer by fast scans, cut as said; null where no fast scan does the plan. */
export function askScans(
  factory: ScanFactory,
  world: World,
  question: QueryInput,
  context: PlanContext,
  cuts: ScanCuts,
): QueryResult | null {
  const plan = overTheWire(planQuery(querySchema.parse(question), context));
  const partials = partialsOf(factory, plan, pruned(plan, buildScanSource(world)), cuts);
  return partials && mergePartials(plan, partials);
}

/** The answer by fast scans with all follow-up plans, cut as said. */
export function askAllScans(
  factory: ScanFactory,
  world: World,
  question: QueryInput,
  context: PlanContext,
  cuts: ScanCuts,
): QueryResult {
  const whole = buildScanSource(world);
  return answer(question, context, (plan) => {
    return must(partialsOf(factory, plan, pruned(plan, whole), cuts), 'a fast scan of the plan');
  });
}

/** The answer by the way over all rows, with all follow-up plans, cut as said. */
export function askRows(
  world: World,
  question: QueryInput,
  context: PlanContext,
  cuts: ScanCuts,
): QueryResult {
  const whole = buildScanSource(world);
  return answer(question, { ...context, shardCount: 1 }, (plan) => {
    const factory: ScanFactory = (asked, source) =>
      createRowScan(asked, source, world.events.length);
    return partialsOf(factory, plan, pruned(plan, whole, false), cuts) ?? [];
  });
}

/** What threads answer, one after the other; null where no scan does the plan. */
function partialsOf(
  factory: ScanFactory,
  plan: Plan,
  source: ScanSource,
  cuts: ScanCuts,
): Partial[] | null {
  const partials: Partial[] = [];
  for (let thread = 0; thread < cuts.threads; thread++) {
    const set = factory(plan, source);
    if (!set) return null;
    for (const scan of set.scans) {
      if (scan.unit === 'users') runRanges(scan, source, thread, cuts);
      else throw new Error('a scan of days has no ranges of users');
    }
    partials.push(overTheWire(set.finish()));
  }
  return partials;
}

function runRanges(scan: UserScan, source: ScanSource, thread: number, cuts: ScanCuts): void {
  const open: UserRange[] = [];
  const size = Math.min(cuts.users, scan.usersMax);
  for (let first = 1, unit = 0; first <= source.userCount; first += size, unit++) {
    if (unit % cuts.threads !== thread) continue;
    const range = scan.open(first, Math.min(first + size, source.userCount + 1));
    if (!cuts.together) {
      addDays(range, source.days, cuts.days);
      range.close();
    } else open.push(range);
  }
  for (let from = 0; from < source.days.length; from += cuts.days) {
    for (const range of open) range.add(source.days.slice(from, from + cuts.days));
  }
  for (const range of open) range.close();
}

function addDays(range: UserRange, days: readonly DayRows[], atOnce: number): void {
  for (let from = 0; from < days.length; from += atOnce) {
    range.add(days.slice(from, from + atOnce), atOnce >= days.length);
  }
}

function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
