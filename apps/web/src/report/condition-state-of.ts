import type {
  Behavior,
  BehaviorSpan,
  CohortFilter,
  EventSelector,
  Filter,
  PropertyFilter,
  SequenceBehavior,
  UserCondition,
} from '@arbor/schema/query';
import type { MeasureState, PlainFilter, SpanState } from './behaviour-state.ts';
import type { ConditionState } from './conditions.ts';
import { isOfUnits, operatorsOf, type FilterKind, type FilterState } from './filter-state.ts';

/**
 * A saved condition as a person edits it. What the editor has no fields for stays what it is, so that opening and saving
 * a cohort never changes whom it means.
 */
export function conditionStateOf(condition: UserCondition): ConditionState {
  return editable(condition) ?? { type: 'kept', condition };
}

function editable(condition: UserCondition): ConditionState | null {
  switch (condition.type) {
    case 'property': {
      const filter = filterStateOf(condition);
      return filter === null ? null : { type: 'property', filter };
    }
    case 'cohort': {
      const id = savedCohortOf(condition);
      return id === null ? null : { type: 'cohort', operator: condition.operator, id };
    }
    case 'behavior':
      return eventConditionOf(condition);
    case 'sequence':
      return sequenceConditionOf(condition);
    case 'report':
    case 'items':
    case 'all':
    case 'any':
      return null;
  }
}

function eventConditionOf({ selector, measure, count, span }: Behavior): ConditionState | null {
  const event = eventStateOf(selector);
  const when = spanStateOf(span);
  if (event?.event === undefined || when === null) return null;
  const didNot = measure.type === 'count' && count.operator === 'at_most' && count.value === 0;
  return {
    type: 'event',
    did: !didNot,
    event: event.event,
    filters: event.filters,
    measure: measure satisfies MeasureState,
    operator: didNot ? 'at_least' : count.operator,
    times: didNot ? 1 : count.value,
    ...(count.to === undefined ? {} : { to: count.to }),
    ...when,
  };
}

function sequenceConditionOf({
  steps,
  window,
  span,
  did,
}: SequenceBehavior): ConditionState | null {
  const states = steps.map(eventStateOf).filter((step) => step !== null);
  const when = spanStateOf(span);
  if (states.length < steps.length || when === null) return null;
  return { type: 'sequence', did, steps: states, window, ...when };
}

function spanStateOf(span: BehaviorSpan): SpanState | null {
  if (span.type === 'ever') return { days: null, unit: 'day' };
  return span.type === 'last' ? { days: span.days, unit: span.unit } : null;
}

type PlainEvent = { readonly event: string | null; readonly filters: PlainFilter[] };

function eventStateOf({ anyOf, label }: EventSelector): PlainEvent | null {
  const [match] = anyOf;
  if (match === undefined || anyOf.length > 1 || label !== undefined) return null;
  if (match.definition !== undefined || match.firstTime !== undefined) return null;
  const filters = match.filters.map(plainFilterOf).filter((filter) => filter !== null);
  return filters.length < match.filters.length ? null : { event: match.event, filters };
}

function plainFilterOf(filter: Filter): PlainFilter | null {
  if (filter.type === 'property') return filterStateOf(filter);
  if (filter.type !== 'cohort') return null;
  const id = savedCohortOf(filter);
  return id === null ? null : { cohort: { operator: filter.operator, id } };
}

function savedCohortOf({ cohorts }: CohortFilter): string | null {
  const [cohort] = cohorts;
  return cohorts.length === 1 && cohort?.type === 'saved' ? cohort.id : null;
}

function filterStateOf(filter: PropertyFilter): FilterState | null {
  const { property, operator, values, unit, quantifier, matchCase } = filter;
  // What is worked out, and what is said of items, has no fields here.
  if (quantifier !== undefined || property.computed !== undefined) return null;
  const kind = kindOf(filter);
  const isOffered = operatorsOf[kind].some((offered) => offered.operator === operator);
  if (!isOffered || isOfUnits(operator) !== (unit !== undefined)) return null;
  return {
    property,
    kind,
    operator,
    values,
    ...(unit === undefined ? {} : { unit }),
    ...(matchCase === true ? { caseSensitive: true } : {}),
  };
}

function kindOf({ operator, values }: PropertyFilter): FilterKind {
  if (operator.startsWith('was_')) return 'date';
  if (operator === 'is_true' || operator === 'is_false') return 'boolean';
  const isText = operatorsOf.text.some((offered) => offered.operator === operator);
  const isNumber = values.length > 0 && values.every((value) => typeof value === 'number');
  return isNumber || !isText ? 'number' : 'text';
}
