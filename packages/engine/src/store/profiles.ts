import type { Properties } from '@arbor/schema/property-value';
import type { ProjectTable } from './project-table.ts';

/**
 * Profiles by id, as they are now, of whoever has one; an id that was merged away has that of the user it belongs to.
 * Reads these users alone, however many there are. Who counts as one of `leftOut` has none.
 */
export function profilesOf(
  table: Pick<ProjectTable, 'users' | 'people' | 'membersOf'>,
  ids: readonly string[],
  leftOut: readonly string[] = [],
): Map<string, Properties> {
  const { users, people } = table;
  const gone = new Set(table.membersOf(leftOut));
  const found = new Map<string, Properties>();
  for (const id of ids) {
    const ordinal = users.find(id);
    const profile = ordinal === 0 || gone.has(ordinal) ? undefined : people.profile(ordinal);
    if (profile !== undefined) found.set(id, Object.fromEntries(profile));
  }
  return found;
}
