import { AssertionError, unreachable } from '../../base/assert.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';
import { attributedColumn } from './attribution.ts';
import { behaviorAfter } from './behavior-after.ts';
import { behaviorByBucket, behaviorByUser, isByBucket } from './computed-behavior.ts';
import { formulaColumn } from './computed-formula.ts';
import { borrowedColumn, untilNextColumn } from './computed-history.ts';
import { castValue, derivedValue } from './computed-values.ts';
import type { Frame } from './frame.ts';
import type { RowContext, RowContextPlan } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';
import { emptyColumn, mapColumn } from './value-codes.ts';

/** Whether all rows of a user have the same: it is worked out for users, and spread to their rows. */
export function isOfUsers({ scope, computed }: PropertyPlan, plan: RowContextPlan): boolean {
  if (computed?.type !== 'behavior') return scope === 'person';
  const isOfRange = computed.between === undefined && computed.withinMs === undefined;
  return isOfRange && !isByBucket(plan);
}

/** The column of a property of rows that is more than a stored value, aligned with the rows of the context. */
export function computedColumn(
  property: PropertyPlan,
  context: RowContext,
): PropertyColumn | undefined {
  const { computed, scope } = property;
  if (computed?.type === 'behavior') {
    if (computed.between)
      throw new AssertionError(`"${property.name}" is of attempts: no row has it`);
    const { withinMs } = computed;
    const column =
      withinMs === undefined
        ? behaviorByBucket(computed, context)
        : behaviorAfter(computed, withinMs, context);
    return castColumn(property, column);
  }
  if (scope !== 'event') throw new AssertionError(`"${property.name}" is no property of events`);
  const source: PropertyPlan = {
    ...namesOf(property),
    ...(property.path && { path: property.path }),
  };
  // Values that other events have, too.
  const lent = (): PropertyColumn =>
    context.frame.column(source) ?? emptyColumn(context.view.rowCount);
  switch (computed?.type) {
    case undefined:
    case 'lookup':
    case 'items':
      return derivedColumn(property, context.frame);
    case 'formula':
      return castColumn(property, formulaColumn({ name: property.name, computed, scope }, context));
    case 'borrowed':
      return castColumn(property, borrowedColumn(computed, lent(), context));
    case 'attributed':
      return attributedColumn(computed, lent(), context, (value) =>
        castValue(property.cast, value),
      );
    case 'until_next':
      return castColumn(property, untilNextColumn(context.view));
    default:
      return unreachable(computed);
  }
}

/** The same of a property of persons, aligned with the ordinals of users. */
export function computedPersonColumn(
  property: PropertyPlan,
  context: RowContext,
): PropertyColumn | undefined {
  const { computed, name } = property;
  switch (computed?.type) {
    case undefined:
    case 'lookup':
    case 'items':
      return derivedColumn(property, context.users);
    case 'formula':
      return castColumn(property, formulaColumn({ name, computed, scope: 'person' }, context));
    case 'behavior':
      return castColumn(property, behaviorByUser(computed, context));
    case 'borrowed':
    case 'attributed':
    case 'until_next':
      throw new AssertionError(`"${name}" is of events: no user has it`);
    default:
      return unreachable(computed);
  }
}

/** What a property begins with. */
export function namesOf({ scope, name, also }: PropertyPlan): PropertyPlan {
  return { scope, name, ...(also && { also }) };
}

/** What follows from each stored value by itself. */
function derivedColumn(property: PropertyPlan, frame: Frame): PropertyColumn | undefined {
  const stored = frame.column(namesOf(property));
  if (stored) return mapColumn(stored, (value) => derivedValue(property, value));
  // Read as a boolean, what is missing is false (3.5).
  const missing = derivedValue(property, null);
  return missing === null ? undefined : mapColumn(emptyColumn(frame.count), () => missing);
}

export function castColumn({ cast }: PropertyPlan, column: PropertyColumn): PropertyColumn {
  if (cast === undefined) return column;
  return mapColumn(column, (value) => castValue(cast, value));
}
