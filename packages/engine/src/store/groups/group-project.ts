import { assert } from '../../base/assert.ts';

/**
 * Profiles of groups (`ingestion-api.md` 5) are stored as persons of a project of their own, which has no events: the
 * row log, duplicate keys, the order of operations and the people files know nothing new. Unlike persons they lie
 * on every shard of the project, because the events of any user may name them.
 */

/**
 * **Stable for ever**: stored data lies under these numbers. The catalog has 31 bits for a project, so projects are
 * below it and those of their groups above.
 */
const groupProjectsFrom = 2 ** 30;

/** Stands between group key and group id; the edge lets U+0000 into neither. */
const separator = '\u0000';

/** The project that holds the profiles of this one's groups. */
export function groupProject(project: number): number {
  assert(
    Number.isInteger(project) && project >= 1 && project < groupProjectsFrom,
    () => `project ${project} is not an integer from 1 to ${groupProjectsFrom - 1}`,
  );
  return project + groupProjectsFrom;
}

export function isGroupProject(project: number): boolean {
  return project >= groupProjectsFrom;
}

/** The user that stands for the group there. */
export function groupUser(groupKey: string, groupId: string): string {
  return groupKey + separator + groupId;
}

/** Null for an id that stands for no group. */
export function groupOfUser(user: string): { readonly key: string; readonly id: string } | null {
  const at = user.indexOf(separator);
  return at < 0 ? null : { key: user.slice(0, at), id: user.slice(at + separator.length) };
}
