import type { Role } from '@arbor/db/roles';
import { roleIn } from '../auth/authorize.ts';
import type { SignedInUser } from '../auth/principal.ts';
import { publicProcedure, router } from './procedures.ts';

export interface SessionProject {
  readonly id: number;
  readonly name: string;
  readonly organization: string;
  readonly timezone: string;
  readonly isDemo: boolean;
  readonly role: Role;
}

export interface Me {
  /** Null for a guest. */
  readonly user: SignedInUser | null;
  readonly guest: boolean;
  /** What may be opened: one's own projects by name, the demo last. */
  readonly projects: SessionProject[];
}

export const sessionRouter = router({
  me: publicProcedure.query(async ({ ctx }): Promise<Me> => {
    const { principal, services } = ctx;
    const user = principal.type === 'user' ? principal.user : null;
    const organizations =
      principal.type === 'user'
        ? principal.memberships.map(({ organizationId }) => organizationId)
        : [];
    const projects = await services.projects.list(organizations, services.demo);
    return {
      user,
      guest: user === null,
      projects: projects.flatMap((project) => {
        const role = roleIn(principal, project, services.demo);
        if (role === null) return [];
        const { id, name, organization, timezone, isDemo } = project;
        return [{ id, name, organization, timezone, isDemo, role }];
      }),
    };
  }),
});
