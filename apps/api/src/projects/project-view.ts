import type { Role } from '@arbor/db/roles';
import type { AuthorizedProject } from '../auth/authorize.ts';

/** A project as its members see it. The token is no secret: it is in the page of every customer. */
export interface ProjectView {
  readonly id: number;
  readonly name: string;
  readonly organization: string;
  readonly token: string;
  readonly timezone: string;
  readonly weekStart: number;
  readonly quarterStart: number;
  readonly isDemo: boolean;
  readonly role: Role;
}

export function projectView(project: AuthorizedProject): ProjectView {
  const { id, name, organization, token, timezone, weekStart, quarterStart, isDemo, role } =
    project;
  return { id, name, organization, token, timezone, weekStart, quarterStart, isDemo, role };
}
