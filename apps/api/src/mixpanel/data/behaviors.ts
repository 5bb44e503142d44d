import type { CompareOperator, Node } from '@arbor/expression/ast';
import { childrenOf } from '@arbor/expression/ast';
import type { BehaviorCount, UserConditionInput } from '@arbor/schema/query';
import { z } from 'zod';
import { ApiError } from '../../errors.ts';
import type { Parameters } from '../parameters.ts';
import { filtersOf, parseExpression } from '../where.ts';

/** `behaviors` of a query of profiles (`query-api.md` 8.3): how often users did something, up to a moment. */
const behaviorSchema = z.object({
  window: z.string().regex(/^\d{1,5}[hdwm]$/, 'must be a number and h, d, w or m, such as "30d"'),
  name: z.string().min(1),
  event_selectors: z
    .array(z.object({ event: z.string().min(1).nullable(), selector: z.string().nullish() }))
    .min(1)
    .max(25),
});
type Behavior = z.infer<typeof behaviorSchema>;

/** Months of 30 days, as everywhere where a length is meant and no calendar (reports.md 5.2). */
const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, m: 30 * 86_400_000 } as const;

/** Of the conditions that `where` names, by name. Empty where there are none. */
export function readBehaviors(parameters: Parameters): ReadonlyMap<string, Behavior> {
  const given = parameters.json('behaviors');
  if (given === undefined) return new Map();
  const parsed = z.array(behaviorSchema).safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return parameters.refuse('behaviors', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  return new Map(parsed.data.map((behavior) => [behavior.name, behavior]));
}

/** Whether the expression names a behaviour anywhere. */
export function hasBehaviors(root: Node): boolean {
  const isOne = root.type === 'property' && root.source === 'behaviors';
  return isOne || childrenOf(root).some(hasBehaviors);
}

const operators: Partial<Record<CompareOperator, BehaviorCount['operator']>> = {
  '==': 'exactly',
  '!=': 'not_exactly',
  '>': 'greater_than',
  '>=': 'at_least',
  '<': 'less_than',
  '<=': 'at_most',
};
/** `2 < b` says `b > 2`. */
const turned: Partial<Record<CompareOperator, CompareOperator>> = {
  '==': '==',
  '!=': '!=',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
};
const opposite: Record<string, BehaviorCount['operator']> = {
  exactly: 'not_exactly',
  not_exactly: 'exactly',
  greater_than: 'at_most',
  at_most: 'greater_than',
  at_least: 'less_than',
  less_than: 'at_least',
};

/**
 * The conditions of a `where` that names behaviours: each is compared with a number, and comparisons are joined by
 * `and`, `or` and `not` with each other and with conditions on the profile. Throws INVALID_REQUEST for what is none.
 */
export function conditionsOf(
  root: Node,
  behaviors: ReadonlyMap<string, Behavior>,
  untilMs: number,
): UserConditionInput[] {
  // Filters on profiles alone are conditions too: `filtersOf` makes none of other kinds.
  if (!hasBehaviors(root)) {
    return filtersOf(root, { name: 'where', scope: 'person' }) as UserConditionInput[];
  }
  if (root.type === 'and') {
    return root.operands.flatMap((operand) => conditionsOf(operand, behaviors, untilMs));
  }
  if (root.type === 'or') {
    const filters = root.operands.map((operand): UserConditionInput => ({
      type: 'all',
      filters: conditionsOf(operand, behaviors, untilMs),
    }));
    return [{ type: 'any', filters }];
  }
  if (root.type !== 'not') return [conditionOf(root, behaviors, untilMs)];
  const inner = conditionOf(root.operand, behaviors, untilMs);
  const operator = opposite[inner.count?.operator ?? ''];
  if (inner.count === undefined || operator === undefined) throw unreadable(root);
  return [{ ...inner, count: { ...inner.count, operator } }];
}

function conditionOf(
  node: Node,
  behaviors: ReadonlyMap<string, Behavior>,
  untilMs: number,
): Extract<UserConditionInput, { type: 'behavior' }> {
  if (node.type !== 'compare') throw unreadable(node);
  const isLeft = node.left.type === 'property' && node.left.source === 'behaviors';
  const [named, number] = isLeft ? [node.left, node.right] : [node.right, node.left];
  const operator = operators[(isLeft ? node.operator : turned[node.operator]) ?? 'in'];
  const isNumber = number.type === 'literal' && typeof number.value === 'number';
  if (named.type !== 'property' || operator === undefined || !isNumber) throw unreadable(node);
  const behavior = behaviors.get(named.name);
  if (behavior === undefined) {
    throw new ApiError('INVALID_REQUEST', `where: behaviors has none named "${named.name}"`);
  }
  const { window, event_selectors: selectors } = behavior;
  const unit = window.at(-1) as keyof typeof unitMs;
  const lengthMs = Number(window.slice(0, -1)) * unitMs[unit];
  return {
    type: 'behavior',
    selector: { anyOf: selectors.map(matchOf) },
    count: { operator, value: Number(number.value) },
    span: {
      type: 'range',
      from: new Date(untilMs - lengthMs).toISOString(),
      to: new Date(untilMs).toISOString(),
    },
  };
}

function matchOf({ event, selector }: Behavior['event_selectors'][number]) {
  if (selector === undefined || selector === null || selector.trim() === '') return { event };
  const root = parseExpression(selector, 'behaviors.selector');
  return { event, filters: filtersOf(root, { name: 'behaviors.selector', scope: 'event' }) };
}

function unreadable({ start }: Node): ApiError {
  return new ApiError(
    'INVALID_REQUEST',
    `where: character ${start + 1}: compare a behavior with a number, such as behaviors["b1"] >= 2`,
  );
}
