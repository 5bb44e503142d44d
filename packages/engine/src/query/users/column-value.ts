import type { PropertyValue } from '@arbor/schema/property-value';
import type { UserColumn } from '@arbor/schema/query';
import { idOf, nameOf, type UserRows, valueOf } from './user-rows.ts';

/** What a column of a list says of a user; null = nothing. */
export function columnValue(column: UserColumn, rows: UserRows, user: number): PropertyValue {
  const { counts, firsts, lasts } = rows.totals;
  switch (column.type) {
    case 'property':
      return valueOf(rows.column(column.name), user);
    case 'display_name':
      return nameOf(rows, user);
    case 'user':
      return idOf(rows, user);
    case 'first_seen':
      return counts[user] === 0 ? null : firsts[user];
    case 'last_seen':
      return counts[user] === 0 ? null : lasts[user];
    case 'event_count':
      return counts[user];
  }
}
