import type { Role } from '@arbor/db/roles';
import { roleIn } from '../auth/authorize.ts';
import type { Principal, SignedInUser } from '../auth/principal.ts';
import type { ProjectRecord, ProjectStore } from './ports.ts';

export interface SessionProject {
  readonly id: number;
  readonly name: string;
  readonly organization: string;
  readonly timezone: string;
  readonly isDemo: boolean;
  readonly role: Role;
}

export interface Me {
  /** Null for a guest, a service account and the secret of a project. */
  readonly user: SignedInUser | null;
  readonly guest: boolean;
  /** What may be opened: one's own projects by name, the demo last. */
  readonly projects: SessionProject[];
}

interface MeDeps {
  readonly projects: Pick<ProjectStore, 'list' | 'byId'>;
  /** Whether everybody may read the demo project. */
  readonly demo: boolean;
}

/** Who somebody is, and what he may open. */
export async function meOf(principal: Principal, deps: MeDeps): Promise<Me> {
  const records = await recordsOf(principal, deps);
  return {
    user: principal.type === 'user' ? principal.user : null,
    guest: principal.type === 'guest',
    projects: records.flatMap((project) => {
      const role = roleIn(principal, project, deps.demo);
      if (role === null) return [];
      const { id, name, organization, timezone, isDemo } = project;
      return [{ id, name, organization, timezone, isDemo, role }];
    }),
  };
}

async function recordsOf(
  principal: Principal,
  { projects, demo }: MeDeps,
): Promise<ProjectRecord[]> {
  switch (principal.type) {
    case 'user':
      return projects.list(
        principal.memberships.map(({ organizationId }) => organizationId),
        demo,
      );
    case 'guest':
      return projects.list([], demo);
    case 'service_account':
      return projects.list([principal.organizationId], false);
    case 'project_secret': {
      const project = await projects.byId(principal.projectId);
      return project === null ? [] : [project];
    }
  }
}
