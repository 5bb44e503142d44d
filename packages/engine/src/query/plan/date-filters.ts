import type { FilterOperator, PropertyFilter } from '@arbor/schema/query';
import type { InstantRange } from './calendar.ts';
import { lastUnits } from './calendar.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { PropertyFilterPlan } from './plan-types.ts';
import { resolveMoment, resolveRange } from './range.ts';

/** As far as the calendar goes: before and after every date that a property can have. */
const earliestMs = -8.64e15;
const latestMs = 8.64e15;

/** Filters on dates (3.4) as a span of instants that the date must lie in, or must not. */
export function planDateFilter(
  filter: PropertyFilter,
  scope: PlanScope,
): Pick<PropertyFilterPlan, 'operator' | 'values' | 'timezone'> {
  const { startMs, endMs } = spanOf(filter, filter.operator as DateOperator, scope);
  const isNegative = filter.operator.startsWith('was_not_');
  return {
    operator: isNegative ? 'not_in_span' : 'in_span',
    values: [startMs, endMs],
    timezone: scope.calendar.timezone,
  };
}

/** The caller has looked that the operator is one of dates. */
type DateOperator = Extract<FilterOperator, `was_${string}`>;

function spanOf(
  filter: PropertyFilter,
  operator: DateOperator,
  { calendar, nowMs }: PlanScope,
): InstantRange {
  switch (operator) {
    case 'was_on':
    case 'was_not_on':
      return resolveMoment(dateAt(filter, 0, 1), calendar);
    case 'was_before':
      return { startMs: earliestMs, endMs: resolveMoment(dateAt(filter, 0, 1), calendar).startMs };
    case 'was_since':
      return { startMs: resolveMoment(dateAt(filter, 0, 1), calendar).startMs, endMs: latestMs };
    case 'was_between':
    case 'was_not_between':
      return resolveRange({ from: dateAt(filter, 0, 2), to: dateAt(filter, 1, 2) }, calendar);
    case 'was_in_last':
    case 'was_not_in_last':
      return lastUnits(nowMs, countOf(filter), unitOf(filter), calendar);
    case 'was_in_next': {
      // The next n units: as many as the last n, from where the running one ends.
      const unit = unitOf(filter);
      const { endMs } = lastUnits(nowMs, 1, unit, calendar);
      return { startMs: nowMs, endMs: nextUnits(endMs, countOf(filter), unit, calendar) };
    }
  }
}

function nextUnits(
  fromMs: number,
  count: number,
  unit: NonNullable<PropertyFilter['unit']>,
  calendar: PlanScope['calendar'],
): number {
  let endMs = fromMs;
  // The running unit is the first of them (2.2, mirrored).
  for (let n = 1; n < count; n++) endMs = lastUnits(endMs, 1, unit, calendar).endMs;
  return endMs;
}

function dateAt(filter: PropertyFilter, index: number, count: number): string {
  const value = filter.values[index];
  if (filter.values.length !== count || typeof value !== 'string') {
    const wanted = count === 2 ? 'two dates, first and last' : 'one date';
    throw invalidQuery(`${nameOf(filter)} takes ${wanted}, not ${JSON.stringify(filter.values)}`);
  }
  return value;
}

/** Longer than any calendar: a hundred years of days. */
const countMax = 36_600;

function countOf(filter: PropertyFilter): number {
  const [count] = filter.values;
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1;
  if (filter.values.length !== 1 || !isCount || count > countMax) {
    const given = JSON.stringify(filter.values);
    throw invalidQuery(
      `${nameOf(filter)} takes one whole number from 1 to ${countMax}, not ${given}`,
    );
  }
  return count;
}

function unitOf(filter: PropertyFilter): NonNullable<PropertyFilter['unit']> {
  if (filter.unit === undefined) throw invalidQuery(`${nameOf(filter)} needs a unit, such as day`);
  return filter.unit;
}

function nameOf({ property, operator }: PropertyFilter): string {
  return `filter on "${property.name}": ${operator.replaceAll('_', ' ')}`;
}
