import type { Role } from '@arbor/db/roles';
import { organizationRole } from '../auth/authorize-organization.ts';
import type { Principal } from '../auth/principal.ts';
import type { ProjectStore } from './ports.ts';

export interface OrganizationView {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

/** The organisations that somebody belongs to, by name. Whoever came with the secret of a project belongs to none. */
export async function organizationsOf(
  principal: Principal,
  projects: Pick<ProjectStore, 'organizations'>,
): Promise<OrganizationView[]> {
  const found = await projects.organizations(idsOf(principal));
  return found.flatMap(({ id, name }) => {
    const role = organizationRole(principal, id);
    return role === null ? [] : [{ id, name, role }];
  });
}

function idsOf(principal: Principal): number[] {
  switch (principal.type) {
    case 'user':
      return principal.memberships.map(({ organizationId }) => organizationId);
    case 'service_account':
      return [principal.organizationId];
    case 'project_secret':
    case 'guest':
      return [];
  }
}
