import { gather } from '../kernels/mask.ts';
import { isStoredProperty } from '../plan/plain-plan.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';
import type { Touches } from './attribution.ts';
import { computedColumn, computedPersonColumn, isOfUsers, namesOf } from './computed-column.ts';
import { mergedColumn } from './merged-column.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';
import { emptyColumn } from './value-codes.ts';

/**
 * Things that have properties, side by side: the rows of a view, its users, or the attempts of a funnel.
 * Filters and breakdowns read all of them the same way.
 */
export interface Frame {
  readonly count: number;
  /** Codes aligned with the frame; undefined = nothing here has the property. */
  column(property: PropertyPlan): PropertyColumn | undefined;
  /** 1 where the thing belongs to a member of that cohort of the plan. */
  member(cohort: number): Uint8Array;
  /** Of rows alone: what an attributed property shares them out to (14.6); undefined = it is none. */
  touches?(property: PropertyPlan): Touches | undefined;
}

/** The rows of a view: event properties as they lie, person properties joined by the user (3.3). */
export function rowFrame(view: ShardView, context: () => RowContext): Frame {
  const stored = ({ scope, name }: Pick<PropertyPlan, 'scope' | 'name'>) => {
    const column = scope === 'event' ? view.eventProperty(name) : view.personProperty(name);
    return scope === 'event' || column === undefined ? column : byUser(column, view.users);
  };
  const frame = cached({
    count: view.rowCount,
    column: (property) => {
      if (isStoredProperty(property)) return stored(property);
      if (isMerged(property)) return mergedColumn([property.name, ...property.also], stored);
      if (!isOfUsers(property, context().plan)) return computedColumn(property, context());
      const own = context().users.column({ ...property, scope: 'person' });
      return own && byUser(own, view.users);
    },
    member: (cohort) => maskByUser(context().cohort(cohort), view.users),
  });
  return {
    ...frame,
    touches: (property) => {
      const { path, computed } = property;
      if (computed?.type !== 'attributed') return undefined;
      const column = frame.column({ ...namesOf(property), ...(path && { path }) });
      return { view, plan: computed, column: column ?? emptyColumn(view.rowCount) };
    },
  };
}

/** A stored property of several names, as they lie. */
function isMerged(
  property: PropertyPlan,
): property is PropertyPlan & { readonly also: readonly string[] } {
  const { also, ...own } = property;
  return also !== undefined && isStoredProperty(own);
}

/** The users of a view by ordinal, of whom 0 is nobody: they have no properties of events, but what they did. */
export function userFrame(view: ShardView, context: () => RowContext): Frame {
  return cached({
    count: view.userCount + 1,
    column: (property) => {
      if (property.scope !== 'person' && property.computed?.type !== 'behavior') return undefined;
      return isStoredProperty(property)
        ? view.personProperty(property.name)
        : computedPersonColumn(property, context());
    },
    member: (cohort) => context().cohort(cohort),
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
      const key = columnKey(property);
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

/** Texts of properties by the plan that holds them. */
const keys = new WeakMap<PropertyPlan, string>();

/** Tells properties of one plan apart. */
function columnKey(property: PropertyPlan): string {
  if (isStoredProperty(property)) return `${property.scope}:${property.name}`;
  const key = keys.get(property) ?? JSON.stringify(property, withoutTables);
  keys.set(property, key);
  return key;
}

/** Lookup tables may have millions of rows: in the text of a property each is a number. */
const tableNumbers = new WeakMap<object, number>();
let tableCount = 0;

function withoutTables(_: string, part: unknown): unknown {
  const isTable = part !== null && typeof part === 'object' && 'type' in part && 'keys' in part;
  if (!isTable || (part.type !== 'lookup' && part.type !== 'group')) return part;
  const number = tableNumbers.get(part) ?? ++tableCount;
  tableNumbers.set(part, number);
  return { type: part.type, number };
}
