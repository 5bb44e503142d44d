import { gather } from '../kernels/mask.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';
import { computedColumn } from './computed-column.ts';
import { isStoredProperty } from '../plan/plain-plan.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';

/**
 * Things that have properties, side by side: the rows of a view, or the attempts of a funnel. Filters
 * and breakdowns read both the same way.
 */
export interface Frame {
  readonly count: number;
  /** Codes aligned with the frame; undefined = nothing here has the property. */
  column(property: PropertyPlan): PropertyColumn | undefined;
  /** 1 where the thing belongs to a member of that cohort of the plan. */
  member(cohort: number): Uint8Array;
}

/** The rows of a view: event properties as they lie, person properties joined by the user (3.3). */
export function rowFrame(view: ShardView, context: () => RowContext): Frame {
  const stored = ({ scope, name }: PropertyPlan): PropertyColumn | undefined => {
    const column = scope === 'event' ? view.eventProperty(name) : view.personProperty(name);
    return scope === 'event' || column === undefined ? column : byUser(column, view.users);
  };
  return cached({
    count: view.rowCount,
    column: (property) =>
      isStoredProperty(property) ? stored(property) : computedColumn(property, context()),
    member: (cohort) => maskByUser(context().cohort(cohort), view.users),
  });
}

/** Spreads a column over user ordinals to things that belong to users. */
export function byUser(column: PropertyColumn, users: Uint32Array): PropertyColumn {
  const codes = new Uint32Array(users.length);
  gather(column.codes, users, codes);
  return { codes, values: column.values };
}

/** Spreads a mask over user ordinals to things that belong to users. */
export function maskByUser(mask: Uint8Array, users: Uint32Array): Uint8Array {
  const own = new Uint8Array(users.length);
  for (let thing = 0; thing < own.length; thing++) own[thing] = mask[users[thing]];
  return own;
}

/** A query names a property several times; its column is made once. */
export function cached(frame: Frame): Frame {
  const columns = new Map<string, PropertyColumn | undefined>();
  const members = new Map<number, Uint8Array>();
  return {
    count: frame.count,
    column(property) {
      const key = isStoredProperty(property)
        ? `${property.scope}:${property.name}`
        : JSON.stringify(property);
      if (!columns.has(key)) columns.set(key, frame.column(property));
      return columns.get(key);
    },
    member(cohort) {
      const known = members.get(cohort) ?? frame.member(cohort);
      members.set(cohort, known);
      return known;
    },
  };
}
