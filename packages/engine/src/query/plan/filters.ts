import { compileExpression } from '@arbor/expression/compile-expression';
import { parseComputed } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import { referencedProperties } from '@arbor/expression/referenced-properties';
import type {
  ComputedProperty,
  Duration,
  EventMatch,
  EventSelector,
  Filter,
  FilterOperator,
  PropertyFilter,
  PropertyRef,
} from '@arbor/schema/query';
import { planDateFilter } from './date-filters.ts';
import { durationMs } from './durations.ts';
import { doerProperty } from './doer-properties.ts';
import { invalidQuery } from './invalid-query.ts';
import { isStoredProperty } from './plain-plan.ts';
import type { PlanScope } from './plan-scope.ts';
import type {
  ComputedPlan,
  FilterPlan,
  ItemsFilterPlan,
  MatchPlan,
  PropertyFilterPlan,
  PropertyPlan,
  SelectorPlan,
} from './plan-types.ts';
import { valueTest } from './value-test.ts';

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

/** Whose properties are meant: of events and persons, or of the objects in a list. */
type PropertyOwner = 'row' | 'item';

/** Deeper than any person nests filters; each level of "any" holds a mask of all rows while it is judged. */
const depthMax = 32;

/** Checks what the schema cannot say (which values an operator takes) and folds the case of texts. */
export function planFilters(
  filters: readonly Filter[],
  scope: PlanScope,
  depth = 1,
  owner: PropertyOwner = 'row',
): FilterPlan[] {
  checkDepth(depth);
  return filters.map((filter): FilterPlan => {
    switch (filter.type) {
      case 'property':
        return planProperty(filter, scope, owner);
      case 'items':
        return planItems(filter, scope, depth, owner);
      case 'cohort':
        if (owner === 'item') throw invalidQuery('an item of a list is in no cohort: filter users');
        return {
          type: 'cohort',
          cohorts: filter.cohorts.map((cohort) => scope.cohort(cohort)),
          negated: filter.operator === 'not_in',
        };
      case 'all':
      case 'any':
        checkGroup(filter);
        return { type: filter.type, filters: planFilters(filter.filters, scope, depth + 1, owner) };
    }
  });
}

/** A filter on the objects of a list, at some depth of others. */
export function planItems(
  { property, quantifier, filters }: Extract<Filter, { type: 'items' }>,
  scope: PlanScope,
  depth = 1,
  owner: PropertyOwner = 'row',
): ItemsFilterPlan {
  return {
    type: 'items',
    property: planPropertyRef(property, scope, owner),
    quantifier,
    filters: planFilters(filters, scope, depth + 1, 'item'),
  };
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
  const own = ofRows(scope);
  return selector.anyOf.flatMap((match) => planMatch(match, own));
}

/** What is inside a property or a selector is of rows, also where the property itself is of attempts or births. */
function ofRows(scope: PlanScope): PlanScope {
  const isOfRows = scope.stepCount === undefined && scope.ofBirths === undefined;
  return isOfRows ? scope : { ...scope, stepCount: undefined, ofBirths: undefined };
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

export function planProperty(
  filter: PropertyFilter,
  scope: PlanScope,
  owner: PropertyOwner = 'row',
): PropertyFilterPlan {
  const tested = owner === 'row' ? planValueTest(filter, scope) : null;
  if (tested !== null) return tested;
  const { operator, values } = filter;
  const shape = valueShape[operator];
  const quantifier = filter.quantifier === 'all' ? { quantifier: filter.quantifier } : {};
  const base = {
    type: 'property' as const,
    property: planPropertyRef(filter.property, scope, owner),
    ...quantifier,
  };
  checkCase(filter, shape);
  if (shape === 'date') return { ...base, ...planDateFilter(filter, scope) };
  checkValues(filter, shape);
  // Operators on dates have gone another way.
  const kept = operator as PropertyFilterPlan['operator'];
  if (shape === 'text') {
    if (filter.matchCase !== true) return { ...base, operator: kept, values: values.map(foldCase) };
    return { ...base, operator: kept, values: values.map(String), matchCase: true };
  }
  return { ...base, operator: kept, values: shape === 'none' ? [] : values };
}

/**
 * A condition of the Query API on what one stored property has; null = it is something else. Where no event may be
 * judged, at a step that an attempt of a funnel has not reached and for a profile, the condition has no value and
 * passes nothing, while a missing property may pass.
 */
function planValueTest(filter: PropertyFilter, scope: PlanScope): PropertyFilterPlan | null {
  const mayBeOfNoEvent = scope.stepCount !== undefined || scope.ofProfiles === true;
  if (mayBeOfNoEvent && filter.property.scope === 'event') return null;
  const test = valueTest(filter);
  if (test === null) return null;
  const property = planPropertyRef(test.property, scope);
  if (!isStoredProperty(property)) return null;
  return { type: 'property', property, operator: 'satisfies', values: [test.expression] };
}

function checkCase({ property, operator, matchCase }: PropertyFilter, shape: string): void {
  if (matchCase === undefined || shape === 'text') return;
  const name = `filter on "${property.name}": ${operator.replaceAll('_', ' ')}`;
  throw invalidQuery(`${name} takes no matchCase: leave it out`);
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
export function planPropertyRef(
  property: PropertyRef,
  scope: PlanScope,
  owner: PropertyOwner = 'row',
): PropertyPlan {
  checkOwner(property, owner);
  const { path, computed, cast } = property;
  return {
    ...ofDoers(planSource(property, scope), property, scope),
    ...(path && { path }),
    ...(computed && { computed: planComputed(computed, property, scope) }),
    ...(cast && { cast }),
  };
}

/** Where groups are counted, persons are whoever did an event. What they did is what the group did. */
function ofDoers<Source extends Pick<PropertyPlan, 'scope' | 'name'>>(
  source: Source,
  { name, computed }: PropertyRef,
  { ofGroups }: PlanScope,
): Source {
  if (ofGroups !== true || source.scope !== 'person' || computed?.type === 'behavior')
    return source;
  if (computed?.type === 'formula') {
    throw invalidQuery(
      `the formula of "${name}" is of users, and groups are counted: give it the scope event`,
    );
  }
  return { ...source, scope: 'event', name: doerProperty(name) };
}

/** Where the stored value lies. That of a group is found by what the event has under the name of the group key. */
function planSource(
  property: PropertyRef,
  { definitions }: PlanScope,
): Pick<PropertyPlan, 'scope' | 'name' | 'also' | 'group'> {
  const { scope, name, groupKey, computed } = property;
  if (scope !== 'group') {
    const isStored = scope === 'event' && !namedOnly.has(computed?.type ?? '');
    if (groupKey === undefined) {
      return isStored ? planNames(name, definitions) : { scope, name };
    }
    throw invalidQuery(`"${name}" is of no group: take groupKey off, or give it the scope group`);
  }
  if (groupKey === undefined) {
    throw invalidQuery(`"${name}" is a property of groups: say of which groupKey`);
  }
  const group = { type: 'group', groupKey, name, keys: [], values: [] } as const;
  return { ...planNames(groupKey, definitions), group };
}

/** Every computed property but these begins with the stored one. */
const namedOnly: ReadonlySet<string> = new Set(['formula', 'behavior', 'until_next']);

/** Properties of events that were merged are one (18): by whichever of their names it is asked for. */
function planNames(
  name: string,
  definitions: PlanScope['definitions'],
): Pick<PropertyPlan, 'scope' | 'name' | 'also'> {
  const [first, ...also] = definitions.propertyNames(name) ?? [name];
  return { scope: 'event', name: first, ...(also.length > 0 && { also }) };
}

function checkOwner({ scope, name, computed }: PropertyRef, owner: PropertyOwner): void {
  const isOfValue =
    computed === undefined || computed.type === 'lookup' || computed.type === 'items';
  if (owner === 'row') {
    if (scope === 'group' && !isOfValue) {
      throw invalidQuery(
        `"${name}" is of groups: of the computed properties it takes lookup and items only`,
      );
    }
    if (scope !== 'item') return;
    throw invalidQuery(
      `"${name}" is a key of objects in a list: use it in a filter on the items of that list`,
    );
  }
  if (scope !== 'item') {
    throw invalidQuery(`the items of a list have keys alone: give "${name}" the scope item`);
  }
  if (!isOfValue) {
    throw invalidQuery(
      `"${name}" is a key of an item: of the computed properties it takes lookup and items only`,
    );
  }
}

function planComputed(
  computed: ComputedProperty,
  property: PropertyRef,
  scope: PlanScope,
): ComputedPlan {
  const { name } = property;
  switch (computed.type) {
    case 'formula':
      checkNoPath(property, 'a formula');
      return planFormula(computed, property, scope);
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
      checkEventScope(property, 'the time to the next event');
      checkNoPath(property, 'the time to the next event');
      return computed;
    case 'borrowed':
      checkEventScope(property, 'a borrowed property');
      return {
        type: 'borrowed',
        selector: planSelector(computed.selector, scope),
        withinMs: durationMs(computed.within),
      };
    case 'attributed': {
      checkEventScope(property, 'an attributed property');
      const { model, lookback } = computed;
      if (model.type === 'custom' && model.first + model.middle + model.last === 0) {
        throw invalidQuery(
          `the attribution of "${name}" gives nothing to any touch: give one a share`,
        );
      }
      return { type: 'attributed', model, lookbackMs: durationMs(lookback, 'a look-back') };
    }
    case 'behavior':
      checkNoPath(property, 'a behaviour');
      if ((computed.aggregate === 'count') !== (computed.property === undefined)) {
        throw invalidQuery(
          `the ${computed.aggregate} of "${name}" ${computed.property ? 'takes no' : 'needs a'} property`,
        );
      }
      return {
        type: 'behavior',
        selector: planSelector(computed.selector, scope),
        aggregate: computed.aggregate,
        property: computed.property ? planPropertyRef(computed.property, ofRows(scope)) : null,
        ...(computed.between && { between: planBetween(computed.between, name, scope) }),
        ...(computed.within && { withinMs: planWithin(computed, computed.within, name, scope) }),
      };
  }
}

function planBetween(
  between: { readonly from: number; readonly to: number },
  name: string,
  { stepCount }: PlanScope,
): { readonly from: number; readonly to: number } {
  if (stepCount === undefined) {
    throw invalidQuery(
      `"${name}" lies between steps: use it in the filters or breakdowns of a funnel, or leave out between`,
    );
  }
  const { from, to } = between;
  if (to >= stepCount) {
    throw invalidQuery(`there is no step ${to}: steps are 0 to ${stepCount - 1}`);
  }
  if (to <= from) {
    throw invalidQuery(`nothing lies between step ${from} and step ${to}: end after it`);
  }
  return between;
}

function planWithin(
  { between }: Extract<ComputedProperty, { type: 'behavior' }>,
  within: Duration,
  name: string,
  { ofBirths }: PlanScope,
): number {
  if (between !== undefined) {
    throw invalidQuery(`"${name}" lies between steps or within a time, not both: leave one out`);
  }
  if (ofBirths !== true) {
    throw invalidQuery(
      `"${name}" lies within a time after a birth: use it in the filters or breakdowns of a retention, or leave out within`,
    );
  }
  return durationMs(within);
}

/** Reads the formula once, so that what is wrong with it shows before any row is read. */
function planFormula(
  { expression, dialect }: Extract<ComputedProperty, { type: 'formula' }>,
  { name, scope: owner }: PropertyRef,
  { nowMs, calendar, definitions, ofGroups }: PlanScope,
): Extract<ComputedPlan, { type: 'formula' }> {
  try {
    const formula = parseComputed(expression, dialect);
    compileExpression(formula, { nowMs, timezone: calendar.timezone });
    const references = referencedProperties(formula.root);
    const ofEvent = references.find(({ source }) => source === 'event');
    if (owner === 'person' && ofEvent !== undefined) {
      throw invalidQuery(
        `the formula of "${name}" is of persons, who have no event["${ofEvent.name}"]: give it the scope event`,
      );
    }
    const ofUser = references.find(({ source }) => source === 'user');
    if (ofGroups === true && ofUser !== undefined) {
      throw invalidQuery(
        `the formula of "${name}" reads user["${ofUser.name}"], and groups are counted: read properties of events`,
      );
    }
    const merged = references.flatMap((reference) => {
      const isStored = owner === 'event' && reference.source === 'properties';
      const names = isStored ? definitions.propertyNames(reference.name) : undefined;
      return names === undefined ? [] : [[reference.name, names] as const];
    });
    const isMerged = merged.length > 0 && { merged: Object.fromEntries(merged) };
    return { type: 'formula', expression, ...(dialect && { dialect }), ...isMerged };
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    throw invalidQuery(`the formula of "${name}" cannot be read: ${cause.message}`, { cause });
  }
}

function checkEventScope({ name, scope }: PropertyRef, what: string): void {
  if (scope === 'event') return;
  throw invalidQuery(`${what} belongs to events: give "${name}" the scope event`);
}

function checkNoPath({ name, path }: PropertyRef, what: string): void {
  if (path === undefined) return;
  throw invalidQuery(`${what} has no keys: take the path "${path.join('.')}" off "${name}"`);
}
