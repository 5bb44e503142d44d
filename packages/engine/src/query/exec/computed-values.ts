import { numberOfText } from '@arbor/expression/casts';
import { isTruthy } from '@arbor/expression/value';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyCast } from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import type { ComputedPlan, GroupJoinPlan, PropertyPlan } from '../plan/plan-types.ts';
import { castToDate } from './date-values.ts';

/** What follows from a single value: nested keys, lookups, aggregates of lists, and what it is read as. */
export function derivedValue(
  { group, path = [], computed, cast }: PropertyPlan,
  stored: PropertyValue,
): PropertyValue {
  let value = nestedValue(group ? ofGroups(stored, group) : stored, path);
  if (computed?.type === 'lookup') value = lookedUp(value, computed);
  if (computed?.type === 'items') value = itemsAggregate(value, computed);
  return castValue(cast, value);
}

/** The value at the end of the keys; a list on the way is read item by item, and the lists of its items are one. */
export function nestedValue(value: PropertyValue, path: readonly string[]): PropertyValue {
  if (path.length === 0 || value === null) return value;
  if (isList(value)) {
    return value.flatMap((item): readonly PropertyValue[] => {
      const own = nestedValue(item, path);
      return isList(own) ? own : [own];
    });
  }
  if (typeof value !== 'object' || !Object.hasOwn(value, path[0])) return null;
  return nestedValue(value[path[0]], path.slice(1));
}

export function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Undefined for what has no text of its own: null, objects, lists. */
export function textOf(value: PropertyValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

type TablePlan = Extract<ComputedPlan, { type: 'lookup' }> | GroupJoinPlan;
type Table = ReadonlyMap<string, PropertyValue>;

/** The rows of a table by their keys, made once a plan. */
const tables = new WeakMap<TablePlan, Table>();

function tableOf(plan: TablePlan): Table {
  const table = tables.get(plan) ?? new Map(plan.keys.map((key, i) => [key, plan.values[i]]));
  tables.set(plan, table);
  return table;
}

function found(table: Table, item: PropertyValue): PropertyValue {
  const key = textOf(item);
  return key === undefined ? null : (table.get(key) ?? null);
}

/** A list item by item (14.7). */
function lookedUp(value: PropertyValue, plan: TablePlan): PropertyValue {
  const table = tableOf(plan);
  return isList(value) ? value.map((item) => found(table, item)) : found(table, value);
}

/** Of several groups the list of what each has; a group that has a list gives its items. */
function ofGroups(value: PropertyValue, plan: GroupJoinPlan): PropertyValue {
  if (!isList(value)) return ofGroup(value, plan);
  return value.flatMap((item): readonly PropertyValue[] => {
    const own = ofGroup(item, plan);
    return isList(own) ? own : [own];
  });
}

function ofGroup(item: PropertyValue, plan: GroupJoinPlan): PropertyValue {
  const own = found(tableOf(plan), item);
  // An empty text names no group.
  const isGroup = (textOf(item) ?? '') !== '';
  return own === null && isGroup ? (plan.otherwise ?? null) : own;
}

/** Of a list; a single value is a list of one, a missing one has no aggregate. */
function itemsAggregate(
  value: PropertyValue,
  { aggregate, key }: Extract<ComputedPlan, { type: 'items' }>,
): PropertyValue {
  if (value === null) return null;
  const items = isList(value) ? value : [value];
  if (aggregate === 'size') return items.length;
  const own = key === undefined ? items : items.map((item) => nestedValue(item, [key]));
  if (aggregate === 'sum') {
    const sum = own.reduce(
      (total: number, item) => total + (typeof item === 'number' ? item : 0),
      0,
    );
    return Number.isFinite(sum) ? sum : null;
  }
  return new Set(own.filter((item) => item !== null).map((item) => JSON.stringify(item))).size;
}

/**
 * A value as another type (3.5). Numbers and dates of a list are read item by item; what is no number and no
 * date is null.
 */
export function castValue(cast: PropertyCast | undefined, value: PropertyValue): PropertyValue {
  switch (cast) {
    case undefined:
      return value;
    case 'string':
      if (value === null) return null;
      return textOf(value) ?? JSON.stringify(value);
    case 'number':
      return isList(value) ? value.map(castToNumber) : castToNumber(value);
    case 'date':
      return isList(value) ? value.map(castToDate) : castToDate(value);
    case 'boolean':
      return isTruthy(value);
    case 'list':
      return value === null ? null : castToList(value);
    default:
      return unreachable(cast);
  }
}

function castToNumber(value: PropertyValue): PropertyValue {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (numberOfText(value) ?? null) : null;
}

/** A text that is a list in JSON is that list; any other value is a list of one. */
function castToList(value: PropertyValue): PropertyValue {
  if (isList(value)) return value;
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      const parsed = JSON.parse(value) as PropertyValue;
      if (isList(parsed)) return parsed;
    } catch {
      return [value];
    }
  }
  return [value];
}
