import type {
  CohortRefInput,
  FilterInput,
  FilterOperator,
  UserConditionInput,
} from '@arbor/schema/query';
import { z } from 'zod';
import { ApiError } from '../../errors.ts';

/** A cohort as Mixpanel's clients describe it in place (`query-api.md` 13.6), in our words. */

interface Tree {
  operator?: string | undefined;
  children?: Tree[] | undefined;
  property?: string | undefined;
  value?: unknown;
  operand?: unknown;
  type?: string | undefined;
}
const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.object({
    operator: z.string().optional(),
    children: z.array(treeSchema).optional(),
    property: z.string().optional(),
    value: z.unknown().optional(),
    operand: z.unknown().optional(),
    type: z.string().optional(),
  }),
);
const behaviorSchema = z.object({
  count: z.object({
    event_selector: z.object({ event: z.string().nullable(), selector: treeSchema.nullish() }),
    type: z.enum(['absolute', 'day']).default('absolute'),
  }),
  window: z
    .object({
      unit: z.enum(['hour', 'day', 'week', 'month']),
      value: z.number().int().positive(),
    })
    .optional(),
  from_date: z.string().optional(),
  to_date: z.string().optional(),
});
const rawCohortSchema = z.object({
  selector: treeSchema,
  behaviors: z.record(z.string(), behaviorSchema).default({}),
});
type Behavior = z.infer<typeof behaviorSchema>;

const comparisons = {
  '==': 'exactly',
  '!=': 'not_exactly',
  '>': 'greater_than',
  '>=': 'at_least',
  '<': 'less_than',
  '<=': 'at_most',
} as const;
const propertyOperators: Readonly<Record<string, FilterOperator>> = {
  '==': 'equals',
  '!=': 'does_not_equal',
  '>': 'greater_than',
  '>=': 'at_least',
  '<': 'less_than',
  '<=': 'at_most',
  in: 'contains',
  'not in': 'does_not_contain',
  defined: 'is_set',
  'not defined': 'is_not_set',
};

/** Throws INVALID_REQUEST with the place of what cannot be read. `nowMs`: where windows end. */
export function rawCohort(raw: unknown, nowMs = Date.now()): CohortRefInput {
  const parsed = rawCohortSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { selector, behaviors } = parsed.data;
  return { type: 'conditions', filters: [conditionOf(selector, behaviors, nowMs)] };
}

function conditionOf(
  tree: Tree,
  behaviors: Readonly<Record<string, Behavior>>,
  nowMs: number,
): UserConditionInput {
  if (tree.children !== undefined) {
    const filters = tree.children.map((child) => conditionOf(child, behaviors, nowMs));
    return { type: joining(tree.operator), filters };
  }
  switch (tree.property) {
    case 'user':
      return { ...propertyFilter(tree, 'person'), type: 'property' };
    case 'cohort':
      return {
        type: 'cohort',
        operator: tree.operator === 'not in' ? 'not_in' : 'in',
        cohorts: [{ type: 'saved', id: String(tree.value) }],
      };
    case 'behaviors': {
      const name = String(tree.value);
      const behavior = Object.hasOwn(behaviors, name) ? behaviors[name] : undefined;
      if (behavior === undefined) throw unreadable(`behaviors has none named "${name}"`);
      return behaviorOf(tree, behavior, nowMs);
    }
    case undefined:
    default:
      throw unreadable(`property "${tree.property ?? ''}" is none of user, cohort and behaviors`);
  }
}

function joining(operator: string | undefined): 'all' | 'any' {
  if (operator === undefined || operator === 'and') return 'all';
  if (operator === 'or') return 'any';
  throw unreadable(`operator "${operator}" is neither "and" nor "or"`);
}

function behaviorOf(tree: Tree, behavior: Behavior, nowMs: number): UserConditionInput {
  const operator = comparisons[tree.operator as keyof typeof comparisons] as
    (typeof comparisons)[keyof typeof comparisons] | undefined;
  const value = Number(tree.operand);
  if (operator === undefined || !Number.isFinite(value)) {
    throw unreadable(`a behavior is compared with a number, not by "${tree.operator ?? ''}"`);
  }
  const { count, window } = behavior;
  const { event, selector } = count.event_selector;
  const filters = selector === undefined || selector === null ? [] : [eventFilter(selector)];
  return {
    type: 'behavior',
    selector: { anyOf: [{ event: event === '$any_event' ? null : event, filters }] },
    ...(count.type === 'day' && { measure: { type: 'distinct_time', unit: 'day' } as const }),
    count: { operator, value },
    span: window === undefined ? datesOf(behavior) : windowOf(window, nowMs),
  };
}

function datesOf({ from_date: from, to_date: to }: Behavior) {
  if (from === undefined) return { type: 'ever' } as const;
  return to === undefined
    ? ({ type: 'since', from } as const)
    : ({ type: 'range', from, to } as const);
}

function windowOf({ unit, value }: NonNullable<Behavior['window']>, nowMs: number) {
  if (unit !== 'hour') return { type: 'last', days: value, unit } as const;
  const from = new Date(nowMs - value * 3_600_000).toISOString();
  return { type: 'since', from } as const;
}

function eventFilter(tree: Tree): FilterInput {
  if (tree.children === undefined) return propertyFilter(tree, 'event');
  return { type: joining(tree.operator), filters: tree.children.map(eventFilter) };
}

function propertyFilter(
  { value, operator = '==', operand }: Tree,
  scope: 'event' | 'person',
): Extract<FilterInput, { type: 'property' }> {
  const known = Object.hasOwn(propertyOperators, operator)
    ? propertyOperators[operator]
    : undefined;
  if (known === undefined || typeof value !== 'string' || value === '') {
    throw unreadable(`"${String(value)}" ${operator}: no condition on a property`);
  }
  const property = { scope, name: value };
  if (known === 'is_set' || known === 'is_not_set')
    return { type: 'property', property, operator: known };
  const values = (Array.isArray(operand) ? operand : [operand]).map(valueOf);
  // A list of values is a choice among them; a text is looked for in the property.
  if (!Array.isArray(operand)) return { type: 'property', property, operator: known, values };
  const chosen =
    known === 'contains' ? 'equals' : known === 'does_not_contain' ? 'does_not_equal' : known;
  return { type: 'property', property, operator: chosen, values };
}

function valueOf(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw unreadable(`${JSON.stringify(value)} is no value to compare with`);
}

function unreadable(why: string): ApiError {
  return new ApiError('INVALID_REQUEST', `filter_by_cohort: raw_cohort: ${why}`);
}
