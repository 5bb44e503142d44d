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
  /** Pages that may send with the token; none = all. */
  readonly allowedOrigins: readonly string[];
  readonly isDemo: boolean;
  readonly role: Role;
}

export function projectView(project: AuthorizedProject): ProjectView {
  const { id, name, organization, token, timezone, weekStart, quarterStart } = project;
  const { allowedOrigins, isDemo, role } = project;
  const settings = { timezone, weekStart, quarterStart, allowedOrigins };
  return { id, name, organization, token, ...settings, isDemo, role };
}
