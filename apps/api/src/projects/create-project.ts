import { roleAllows } from '@arbor/db/roles';
import { z } from 'zod';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { ProjectStore } from './ports.ts';
import { nameSchema, timezoneSchema } from './project-fields.ts';

export const createProjectSchema = z.object({
  name: nameSchema,
  timezone: timezoneSchema.default('UTC'),
  /** 1 = Monday … 7 = Sunday. */
  weekStart: z.number().int().min(1).max(7).default(1),
  /** The month in which a quarter starts: 1 = January. */
  quarterStart: z.number().int().min(1).max(12).default(1),
  /** Needed only by who manages several organisations. */
  organizationId: z.number().int().positive().optional(),
});
export type CreateProject = z.infer<typeof createProjectSchema>;

export interface CreatedProject {
  readonly id: number;
  readonly name: string;
  readonly timezone: string;
  readonly token: string;
  /** Shown once; only its hash is kept. */
  readonly secret: string;
}

/** Makes a project in an organisation of which the principal is an owner or admin. */
export async function createProject(
  projects: ProjectStore,
  principal: Principal,
  request: CreateProject,
): Promise<CreatedProject> {
  const organizationId = organizationFor(principal, request.organizationId);
  const { name, timezone, weekStart, quarterStart } = request;
  const { project, secret } = await projects.create({
    organizationId,
    name,
    timezone,
    weekStart,
    quarterStart,
  });
  return { id: project.id, name, timezone, token: project.token, secret };
}

function organizationFor(principal: Principal, wanted: number | undefined): number {
  const managed = managedOrganizations(principal);
  if (principal.type === 'guest') {
    throw new ApiError('UNAUTHENTICATED', 'a project is created by who is signed in');
  }
  if (managed.length === 0) {
    throw new ApiError('FORBIDDEN', 'creating a project needs the role "owner" or "admin"');
  }
  if (wanted === undefined) {
    const [only, another] = managed;
    if (only !== undefined && another === undefined) return only;
    throw new ApiError(
      'INVALID_REQUEST',
      `organizationId: say which of your organizations (${managed.join(', ')}) gets the project`,
    );
  }
  if (managed.includes(wanted)) return wanted;
  throw new ApiError(
    'NOT_FOUND',
    `organization ${wanted} does not exist, or is not yours to manage`,
  );
}

function managedOrganizations(principal: Principal): number[] {
  switch (principal.type) {
    case 'user':
      return principal.memberships
        .filter(({ role }) => roleAllows(role, 'admin'))
        .map(({ organizationId }) => organizationId);
    case 'service_account':
      return principal.allProjects && roleAllows(principal.role, 'admin')
        ? [principal.organizationId]
        : [];
    case 'project_secret':
    case 'guest':
      return [];
  }
}
