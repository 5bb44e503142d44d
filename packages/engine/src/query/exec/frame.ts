import { gather } from '../kernels/mask.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';

/**
 * Things that have properties, side by side: the rows of a view, or the attempts of a funnel. Filters
 * and breakdowns read both the same way.
 */
export interface Frame {
  readonly count: number;
  /** Codes aligned with the frame; undefined = nothing here has the property. */
  column(property: PropertyPlan): PropertyColumn | undefined;
}

/** The rows of a view: event properties as they lie, person properties joined by the user (3.3). */
export function rowFrame(view: ShardView): Frame {
  return cached(view.rowCount, ({ scope, name }) => {
    const column = scope === 'event' ? view.eventProperty(name) : view.personProperty(name);
    return scope === 'event' || column === undefined ? column : byUser(column, view.users);
  });
}

/** Spreads a column over user ordinals to things that belong to users. */
export function byUser(column: PropertyColumn, users: Uint32Array): PropertyColumn {
  const codes = new Uint32Array(users.length);
  gather(column.codes, users, codes);
  return { codes, values: column.values };
}

/** A query names a property several times; its column is made once. */
export function cached(
  count: number,
  make: (property: PropertyPlan) => PropertyColumn | undefined,
): Frame {
  const columns = new Map<string, PropertyColumn | undefined>();
  return {
    count,
    column(property) {
      const key = `${property.scope}:${property.name}`;
      if (!columns.has(key)) columns.set(key, make(property));
      return columns.get(key);
    },
  };
}
