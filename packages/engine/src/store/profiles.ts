import type { Properties } from '@arbor/schema/property-value';
import type { ProjectTable } from './project-table.ts';

/**
 * Profiles by id, as they are now, of whoever has one; an id that was merged away has that of the user it belongs to.
 * Reads these users alone, however many there are.
 */
export function profilesOf(
  { users, people }: Pick<ProjectTable, 'users' | 'people'>,
  ids: readonly string[],
): Map<string, Properties> {
  const found = new Map<string, Properties>();
  for (const id of ids) {
    const ordinal = users.find(id);
    const profile = ordinal === 0 ? undefined : people.profile(ordinal);
    if (profile !== undefined) found.set(id, Object.fromEntries(profile));
  }
  return found;
}
