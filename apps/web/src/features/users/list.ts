import { userColumnSchema, type UserColumn, type UsersRequestInput } from '@arbor/schema/query';
import { z } from 'zod';
import { dateTimeText } from '#format/instant.ts';
import { formatNumber, noValue } from '#format/number.ts';
import { propertyLabel } from '#format/property-name.ts';
import { valueText } from '#format/property-value.ts';
import type { Sort } from '#components/table-model.ts';
import { conditionStateSchema, queryConditions } from '#report/conditions.ts';

/** The list of users as a person arranged it; kept in the URL. What is typed into the search is a parameter of its own. */
export const usersStateSchema = z.object({
  who: z.enum(['all', 'profiles']),
  conditions: z.array(conditionStateSchema).max(50),
  /** Beside the name, which is always there. */
  columns: z.array(userColumnSchema).max(49),
  sort: z.object({ column: userColumnSchema, descending: z.boolean() }),
});
export type UsersState = z.infer<typeof usersStateSchema>;

export const initialUsers: UsersState = {
  who: 'all',
  conditions: [],
  columns: [
    { type: 'property', name: '$email' },
    { type: 'last_seen' },
    { type: 'first_seen' },
    { type: 'event_count' },
    { type: 'user' },
  ],
  sort: { column: { type: 'last_seen' }, descending: true },
};

export function usersRequest(
  { who, conditions, columns, sort }: UsersState,
  search: string,
): UsersRequestInput {
  return {
    who,
    search,
    filters: queryConditions(conditions),
    columns,
    sort: { by: sort.column, order: sort.descending ? 'descending' : 'ascending' },
  };
}

const columnLabels: Readonly<Record<Exclude<UserColumn['type'], 'property'>, string>> = {
  display_name: 'User',
  user: 'Identifier',
  first_seen: 'First seen',
  last_seen: 'Last seen',
  event_count: 'Events',
};

/** Columns that every project has. */
export const ownColumns: readonly UserColumn[] = (
  ['last_seen', 'first_seen', 'event_count', 'user'] as const
).map((type) => ({ type }));

export function columnLabel(column: UserColumn): string {
  return column.type === 'property' ? propertyLabel(column.name) : columnLabels[column.type];
}

/** Tells columns apart. */
export function columnKey(column: UserColumn): string {
  return column.type === 'property' ? `property ${column.name}` : column.type;
}

export function columnOf(key: string): UserColumn {
  const name = /^property (.+)$/s.exec(key)?.[1];
  return name === undefined ? userColumnSchema.parse({ type: key }) : { type: 'property', name };
}

const widths: Readonly<Record<UserColumn['type'], number>> = {
  property: 176,
  display_name: 208,
  user: 240,
  first_seen: 152,
  last_seen: 152,
  event_count: 96,
};

export function columnWidth({ type }: UserColumn): number {
  return widths[type];
}

/** What a cell says; numbers stand right. */
export function cellText(column: UserColumn, value: unknown, timezone: string): string {
  if (value === null || value === undefined) return noValue;
  const isTime = column.type === 'first_seen' || column.type === 'last_seen';
  if (typeof value === 'number')
    return isTime ? dateTimeText(value, timezone) : formatNumber(value);
  return valueText(value);
}

export function withColumn(columns: readonly UserColumn[], column: UserColumn): UserColumn[] {
  const key = columnKey(column);
  const rest = columns.filter((each) => columnKey(each) !== key);
  return rest.length === columns.length ? [...rest, column] : rest;
}

/** The next order after a click on a header; the third click gives the first order back. */
export function sortAfter(next: Sort | null): UsersState['sort'] {
  return next === null
    ? initialUsers.sort
    : { column: columnOf(next.column), descending: next.descending };
}
