import { parseFormula } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import type {
  ComputedProperty,
  EventMatch,
  EventSelector,
  Filter,
  FilterOperator,
  PropertyFilter,
  PropertyRef,
} from '@arbor/schema/query';
import { planDateFilter } from './date-filters.ts';
import { durationMs } from './durations.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type {
  ComputedPlan,
  FilterPlan,
  MatchPlan,
  PropertyFilterPlan,
  PropertyPlan,
  SelectorPlan,
} from './plan-types.ts';

/** How an operator takes its values; `text` operators ignore case (3.4). */
const valueShape: Record<FilterOperator, 'any' | 'text' | 'number' | 'pair' | 'none' | 'date'> = {
  equals: 'any',
  does_not_equal: 'any',
  contains: 'text',
  does_not_contain: 'text',
  starts_with: 'text',
  ends_with: 'text',
  greater_than: 'number',
  less_than: 'number',
  at_least: 'number',
  at_most: 'number',
  between: 'pair',
  not_between: 'pair',
  is_true: 'none',
  is_false: 'none',
  is_set: 'none',
  is_not_set: 'none',
  was_on: 'date',
  was_not_on: 'date',
  was_before: 'date',
  was_since: 'date',
  was_between: 'date',
  was_not_between: 'date',
  was_in_last: 'date',
  was_not_in_last: 'date',
  was_in_next: 'date',
};

/** Deeper than any person nests filters; each level of "any" holds a mask of all rows while it is judged. */
const depthMax = 32;

/** Checks what the schema cannot say (which values an operator takes) and folds the case of texts. */
export function planFilters(filters: readonly Filter[], scope: PlanScope, depth = 1): FilterPlan[] {
  checkDepth(depth);
  return filters.map((filter): FilterPlan => {
    switch (filter.type) {
      case 'property':
        return planProperty(filter, scope);
      case 'items':
        return {
          type: 'items',
          property: planPropertyRef(filter.property, scope),
          quantifier: filter.quantifier,
          filters: planFilters(filter.filters, scope, depth + 1),
        };
      case 'cohort':
        return {
          type: 'cohort',
          cohorts: filter.cohorts.map((cohort) => scope.cohort(cohort)),
          negated: filter.operator === 'not_in',
        };
      case 'all':
      case 'any':
        checkGroup(filter);
        return { type: filter.type, filters: planFilters(filter.filters, scope, depth + 1) };
    }
  });
}

export function checkDepth(depth: number): void {
  if (depth > depthMax) {
    throw invalidQuery(`filters are nested more than ${depthMax} deep: put them side by side`);
  }
}

/** Of nothing, none passes: a group of which any must pass would refuse everything. */
export function checkGroup(group: {
  readonly type: 'all' | 'any';
  readonly filters: readonly unknown[];
}): void {
  if (group.type === 'any' && group.filters.length === 0) {
    throw invalidQuery('a group of filters of which any must pass is empty: add one or remove it');
  }
}

export function planSelector(selector: EventSelector, scope: PlanScope): SelectorPlan {
  return selector.anyOf.flatMap((match) => planMatch(match, scope));
}

/** Custom events are an OR like any other (14.1), except where the first time of any of them is asked. */
function planMatch(match: EventMatch, scope: PlanScope): MatchPlan[] {
  const { definition, firstTime } = match;
  if (definition === undefined) return [planEvent(match, scope)];
  if (match.event !== null) {
    throw invalidQuery(`a match of "${match.event}" with a definition names no event: use null`);
  }
  if (firstTime === undefined) {
    return definition.map(({ event, filters }) =>
      planEvent({ event, filters: [...filters, ...match.filters] }, scope),
    );
  }
  const filters = planFilters(match.filters, scope);
  const events = definition.map((own) => planEvent(own, scope));
  return [{ event: null, filters, firstTime, definition: events }];
}

function planEvent({ event, filters, firstTime }: EventMatch, scope: PlanScope): MatchPlan {
  const { hiddenEvents } = scope.definitions;
  return {
    event,
    filters: planFilters(filters, scope),
    ...(firstTime && { firstTime }),
    ...(event === null && hiddenEvents.length > 0 && { hidden: hiddenEvents }),
  };
}

export function planProperty(filter: PropertyFilter, scope: PlanScope): PropertyFilterPlan {
  const { operator, values } = filter;
  const shape = valueShape[operator];
  const quantifier = filter.quantifier === 'all' ? { quantifier: filter.quantifier } : {};
  const base = {
    type: 'property' as const,
    property: planPropertyRef(filter.property, scope),
    ...quantifier,
  };
  if (shape === 'date') return { ...base, ...planDateFilter(filter, scope) };
  checkValues(filter, shape);
  // Operators on dates have gone another way.
  const kept = operator as PropertyFilterPlan['operator'];
  if (shape === 'text') return { ...base, operator: kept, values: values.map(foldCase) };
  return { ...base, operator: kept, values: shape === 'none' ? [] : values };
}

function checkValues({ property, operator, values }: PropertyFilter, shape: string): void {
  const name = `filter on "${property.name}": ${operator.replaceAll('_', ' ')}`;
  const numbersMin = shape === 'pair' ? 2 : 1;
  if (shape === 'number' || shape === 'pair') {
    if (values.length !== numbersMin || values.some((value) => typeof value !== 'number')) {
      const wanted = shape === 'pair' ? 'two numbers, low and high' : 'one number';
      throw invalidQuery(`${name} takes ${wanted}, not ${JSON.stringify(values)}`);
    }
  } else if (shape !== 'none' && values.length === 0) {
    throw invalidQuery(`${name} needs a value`);
  }
}

function foldCase(value: string | number | boolean): string {
  return String(value).toLowerCase();
}

/** A property with everything inside it planned; a stored one stays what it is. */
export function planPropertyRef(property: PropertyRef, scope: PlanScope): PropertyPlan {
  const { path, computed, cast } = property;
  return {
    scope: property.scope,
    name: property.name,
    ...(path && { path }),
    ...(computed && { computed: planComputed(computed, property, scope) }),
    ...(cast && { cast }),
  };
}

function planComputed(
  computed: ComputedProperty,
  { scope: owner, name }: PropertyRef,
  scope: PlanScope,
): ComputedPlan {
  switch (computed.type) {
    case 'formula':
      checkFormula(name, computed.expression);
      return computed;
    case 'items':
      return computed;
    case 'lookup': {
      const column = scope.definitions.lookup(computed.table, computed.column);
      if (column === undefined) {
        throw invalidQuery(
          `there is no lookup table "${computed.table}" with a column "${computed.column}"`,
        );
      }
      return { type: 'lookup', keys: column.keys, values: column.values };
    }
    case 'until_next':
      checkEventScope(owner, name, 'the time to the next event');
      return computed;
    case 'borrowed':
      checkEventScope(owner, name, 'a borrowed property');
      return {
        type: 'borrowed',
        selector: planSelector(computed.selector, scope),
        withinMs: durationMs(computed.within),
      };
    case 'attributed':
      checkEventScope(owner, name, 'an attributed property');
      return {
        type: 'attributed',
        model: computed.model,
        lookbackMs: durationMs(computed.lookback),
      };
    case 'behavior':
      if ((computed.aggregate === 'count') !== (computed.property === undefined)) {
        throw invalidQuery(
          `the ${computed.aggregate} of "${name}" ${computed.property ? 'takes no' : 'needs a'} property`,
        );
      }
      return {
        type: 'behavior',
        selector: planSelector(computed.selector, scope),
        aggregate: computed.aggregate,
        property: computed.property ? planPropertyRef(computed.property, scope) : null,
      };
  }
}

function checkFormula(name: string, expression: string): void {
  try {
    parseFormula(expression);
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    throw invalidQuery(`the formula of "${name}" cannot be read: ${cause.message}`, { cause });
  }
}

function checkEventScope(owner: PropertyRef['scope'], name: string, what: string): void {
  if (owner !== 'event') {
    throw invalidQuery(`${what} belongs to events: give "${name}" the scope event`);
  }
}
