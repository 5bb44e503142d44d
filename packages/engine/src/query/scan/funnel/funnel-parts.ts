import { storedBreakdowns } from '../../plan/plain-plan.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import { AttributedValues } from '../attributed-values.ts';
import type { ScanSource } from '../scan-source.ts';
import { slotsOf } from '../segment-slots.ts';
import type { AttemptShape } from './attempt-table.ts';
import type { FollowRules } from './follower.ts';
import { FunnelTally } from './funnel-tally.ts';
import { attributedNames } from './judge-attempts.ts';
import { StepLists } from './step-lists.ts';
import type { ValueRule } from './value-rule.ts';

/** What the scans of a funnel are made of: rows of steps, what is kept of attempts, and what these come to. */
export interface FunnelParts {
  /** Those that attempts are attributed with. */
  readonly values: AttributedValues;
  readonly lists: StepLists;
  readonly tally: FunnelTally;
  readonly rules: FollowRules;
  readonly shape: AttemptShape;
}

export function funnelParts(plan: FunnelPlan, source: ScanSource, rule: ValueRule): FunnelParts {
  const { filters, steps } = plan;
  const breakdowns = storedBreakdowns(plan);
  const { hold = [], sum = null, distribution = null } = plan.options ?? {};
  const names = new Set(attributedNames(filters));
  for (const { scope, name } of breakdowns) if (scope === 'event') names.add(name);
  const values = new AttributedValues([...names], source);
  const heldNames = hold.map(({ name }) => name);
  const held = new AttributedValues(heldNames, source);
  const isTimed = plan.timing || distribution !== null;
  return {
    values,
    lists: new StepLists(plan, source, { attributed: values, held, summed: sum && sum.name }),
    tally: new FunnelTally(plan, { filters, source, values }, slotsOf(breakdowns, source, values)),
    rules: {
      stepCount: steps.length,
      windowMs: plan.windowMs,
      values: rule,
      heldCount: hold.length,
    },
    shape: {
      timeCount: isTimed ? steps.length : 1,
      valueCount: names.size,
      numberCount: sum === null ? 0 : steps.length,
    },
  };
}

/** Bytes that the state of a user takes where his first entry decides: the size of a range follows from it. */
export function firstEntryBytes({
  rules: { heldCount },
  shape,
}: Pick<FunnelParts, 'rules' | 'shape'>): number {
  return 17 + 8 * (shape.timeCount + shape.numberCount) + 4 * (shape.valueCount + heldCount);
}
