import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyColumn } from '../../query/exec/shard-view.ts';
import type { GroupColumn, GroupProfiles } from '../../query/scan/project-snapshot.ts';
import { usersWithProfile } from '../known-users.ts';
import type { ProjectTable } from '../project-table.ts';
import { groupOfUser } from './group-project.ts';

export interface StoredGroups extends GroupProfiles {
  /** The property of the groups of every key. */
  columns(name: string): ReadonlyMap<string, GroupColumn>;
  /** How many groups of every key have a profile. */
  counts(): Map<string, number>;
}

/** What is known of a project's groups at this moment, out of the table of `groupProject`. */
export function groupProfiles(table: ProjectTable): StoredGroups {
  const moment = table.peopleMoment();
  const columns = (name: string): ReadonlyMap<string, GroupColumn> => {
    const column = table.people.column(name, moment);
    return column === undefined ? new Map() : columnsByKey(column, table);
  };
  return {
    columns,
    property: (groupKey, name) => columns(name).get(groupKey),
    counts: () => groupCounts(table),
  };
}

function groupCounts(table: ProjectTable): Map<string, number> {
  const counts = new Map<string, number>();
  const marks = usersWithProfile(table.usersMoment());
  for (let ordinal = 1; ordinal < marks.length; ordinal++) {
    const group = marks[ordinal] === 1 ? groupOfUser(table.users.id(ordinal)) : null;
    if (group !== null) counts.set(group.key, (counts.get(group.key) ?? 0) + 1);
  }
  return counts;
}

/** Columns of people stay the same objects until somebody changes: what follows from one is made once. */
const known = new WeakMap<PropertyColumn, ReadonlyMap<string, GroupColumn>>();

function columnsByKey(
  column: PropertyColumn,
  { users }: ProjectTable,
): ReadonlyMap<string, GroupColumn> {
  const made = known.get(column) ?? splitByKey(column, (ordinal) => users.id(ordinal));
  known.set(column, made);
  return made;
}

function splitByKey(
  { codes, values }: PropertyColumn,
  idOf: (ordinal: number) => string,
): ReadonlyMap<string, GroupColumn> {
  const columns = new Map<string, { readonly keys: string[]; readonly values: PropertyValue[] }>();
  for (let ordinal = 1; ordinal < codes.length; ordinal++) {
    const group = codes[ordinal] === 0 ? null : groupOfUser(idOf(ordinal));
    if (group === null) continue;
    let column = columns.get(group.key);
    if (column === undefined) columns.set(group.key, (column = { keys: [], values: [] }));
    column.keys.push(group.id);
    column.values.push(values[codes[ordinal]]);
  }
  return columns;
}
