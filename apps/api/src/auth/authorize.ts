import type { Role } from '@arbor/db/roles';
import { roleAllows } from '@arbor/db/roles';
import { ApiError } from '../errors.ts';
import type { ProjectRecord } from '../projects/ports.ts';
import { accountRoleIn } from './account-role.ts';
import type { Principal } from './principal.ts';

/**
 * A project together with the right to use it. Only this module makes one: whoever holds it need not
 * check again (architecture 8).
 */
export interface AuthorizedProject extends ProjectRecord {
  readonly role: Role;
}

/** What a principal may do in a project; null where it may not even know that it exists. */
export function roleIn(principal: Principal, project: ProjectRecord, demo: boolean): Role | null {
  switch (principal.type) {
    case 'user': {
      const membership = principal.memberships.find(
        ({ organizationId }) => organizationId === project.organizationId,
      );
      return membership?.role ?? (demo && project.isDemo ? 'consumer' : null);
    }
    case 'service_account':
      return principal.organizationId === project.organizationId
        ? accountRoleIn(principal, project.id)
        : null;
    case 'project_secret':
      return principal.projectId === project.id ? 'analyst' : null;
    case 'guest':
      return demo && project.isDemo ? 'consumer' : null;
  }
}

/**
 * The one gate to a project. NOT_FOUND for one that the principal may not see, exactly as for one that
 * does not exist; FORBIDDEN only to those who may see it but not do what they ask.
 */
export function authorize(
  principal: Principal,
  project: ProjectRecord | null,
  request: { readonly projectId: number; readonly needed: Role; readonly demo: boolean },
): AuthorizedProject {
  const role = project === null ? null : roleIn(principal, project, request.demo);
  if (project === null || role === null) {
    throw new ApiError('NOT_FOUND', `project ${request.projectId} does not exist`);
  }
  if (!roleAllows(role, request.needed)) {
    throw new ApiError(
      'FORBIDDEN',
      `this needs the role "${request.needed}" in project ${project.id}; yours is "${role}"`,
    );
  }
  return { ...project, role };
}
