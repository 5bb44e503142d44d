import type { Role } from '@arbor/db/roles';
import { roleAllows } from '@arbor/db/roles';
import { ApiError } from '../errors.ts';
import type { Principal } from './principal.ts';

/** An organisation together with the right to manage it. Only this module makes one. */
export interface AuthorizedOrganization {
  readonly id: number;
  readonly role: Role;
}

/**
 * What a principal may do in an organisation; null where it does not belong to it. A service account that opens only
 * some projects manages nothing beside them: else it could make one that opens all.
 */
export function organizationRole(principal: Principal, organizationId: number): Role | null {
  switch (principal.type) {
    case 'user':
      return (
        principal.memberships.find((one) => one.organizationId === organizationId)?.role ?? null
      );
    case 'service_account':
      if (principal.organizationId !== organizationId) return null;
      return principal.allProjects ? principal.role : 'consumer';
    case 'project_secret':
    case 'guest':
      return null;
  }
}

/**
 * The one gate to an organisation. NOT_FOUND for one that the principal does not belong to, exactly as for one that
 * does not exist; FORBIDDEN only to those who belong to it.
 */
export function authorizeOrganization(
  principal: Principal,
  organizationId: number,
  needed: Role,
): AuthorizedOrganization {
  const role = organizationRole(principal, organizationId);
  if (role === null) {
    throw new ApiError('NOT_FOUND', `organization ${organizationId} does not exist`);
  }
  if (!roleAllows(role, needed)) {
    throw new ApiError(
      'FORBIDDEN',
      `this needs the role "${needed}" in organization ${organizationId}; yours is "${role}"`,
    );
  }
  return { id: organizationId, role };
}
