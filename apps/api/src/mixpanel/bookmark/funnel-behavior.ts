import type { FunnelQueryInput } from '@arbor/schema/query';
import { funnelWindowSchema } from '@arbor/schema/query';
import { readSelector } from './bookmark-events.ts';
import type { BehaviorEntry } from './bookmark-schema.ts';
import { readFilters } from './bookmark-filters.ts';
import { readProperty } from './bookmark-properties.ts';
import { readMatch } from './event-match.ts';
import { oneOf, refuse } from './refuse.ts';

type FunnelBehavior = Pick<
  FunnelQueryInput,
  'steps' | 'window' | 'order' | 'exclusions' | 'hold' | 'reentry' | 'counting'
>;

const orders = { loose: 'specific', any: 'any' } as const;
const reentries = {
  default: 'default',
  basic: 'default',
  aggressive: 'optimized',
  optimized: 'optimized',
} as const;

const perDay = { second: 86_400, minute: 1440, hour: 24, day: 1, week: 1 / 7, month: 1 / 30.5 };
/** 367 days; or 12 months, 52 weeks, 12 sessions (`query-api.md` 13.2). */
function windowMax(unit: string): number {
  if (unit === 'session' || unit === 'month') return 12;
  if (unit === 'week') return 52;
  return 367 * (perDay[unit as keyof typeof perDay] ?? 1);
}

/** Steps and rules of a funnel; how they are counted follows from the math. */
export function readFunnel(behavior: BehaviorEntry, math: string, nowMs: number): FunnelBehavior {
  const steps = (behavior.behaviors ?? []).map((step) => readSelector(step, nowMs));
  if (steps.length === 0) refuse('a funnel of', 0, 'give it steps as behaviors');
  return {
    steps,
    window: readWindow(behavior),
    order: oneOf(orders, 'the order', behavior.funnelOrder ?? 'loose'),
    reentry: oneOf(reentries, 'the re-entry', behavior.funnelReentryMode ?? 'default'),
    counting: math.endsWith('session') ? 'sessions' : math.endsWith('total') ? 'totals' : 'unique',
    exclusions: (behavior.exclusions ?? []).map(({ event, steps: between, filters }) => ({
      selector: { anyOf: [readMatch(event, readFilters(filters, 'all', nowMs))] },
      // Counted from 1 there.
      ...(between && { from: between.from - 1, to: between.to - 1 }),
    })),
    hold: (behavior.aggregateBy ?? []).map(readProperty),
  };
}

/** 14 days where nothing is said, as their client has it (`reports.md` 5.1). */
function readWindow(behavior: BehaviorEntry): FunnelQueryInput['window'] {
  const value = behavior.conversionWindowDuration ?? 14;
  const unit = behavior.conversionWindowUnit ?? 'day';
  const parsed = funnelWindowSchema.safeParse({ value, unit });
  const isLong = value > windowMax(unit) || (unit === 'second' && value < 2);
  if (!parsed.success || isLong) {
    return refuse(
      'a conversion window of',
      `${value} ${unit}`,
      'use 2 seconds to 367 days, or up to 12 sessions',
    );
  }
  return parsed.data;
}
