import type { Role } from '@arbor/db/roles';

/** What a service account may do in a project of its organisation; null = it does not open it. */
export function accountRoleIn(
  account: {
    readonly role: Role;
    readonly allProjects: boolean;
    readonly projectRoles: ReadonlyMap<number, Role>;
  },
  projectId: number,
): Role | null {
  return account.projectRoles.get(projectId) ?? (account.allProjects ? account.role : null);
}
