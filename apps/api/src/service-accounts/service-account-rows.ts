import type { DbTransaction } from '@arbor/db';
import type { Role } from '@arbor/db/roles';
import { roleAllows } from '@arbor/db/roles';
import { recordIn } from '../audit/audit-log.ts';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import { nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import { hasExpired } from '../auth/service-account-login.ts';
import { ApiError } from '../errors.ts';
import type { ServiceAccountView } from './ports.ts';

/** What is read of an account to show it. */
export const accountColumns = {
  id: true,
  username: true,
  role: true,
  allProjects: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  projects: {
    select: { projectId: true, role: true, project: { select: { name: true } } },
    orderBy: { projectId: 'asc' },
  },
} as const;

export interface AccountRow {
  readonly id: number;
  readonly username: string;
  readonly role: Role;
  readonly allProjects: boolean;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly projects: readonly {
    readonly projectId: number;
    readonly role: Role;
    readonly project: { readonly name: string };
  }[];
}

export function viewOf({ projects, ...row }: AccountRow, now: number): ServiceAccountView {
  return {
    ...row,
    projects: projects.map(({ projectId, role, project: { name } }) => ({
      id: projectId,
      name,
      role,
    })),
    expired: hasExpired(row.expiresAt, now),
  };
}

/** The account for a change: nobody else changes it until the transaction is over. */
export async function lockedAccount(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  id: number,
): Promise<AccountRow> {
  await tx.$executeRaw`SELECT 1 FROM "service_accounts" WHERE "id" = ${id} FOR UPDATE`;
  const row = await tx.serviceAccount.findFirst({
    where: { id, organizationId: organization.id },
    select: accountColumns,
  });
  if (row === null) throw unknownAccount(organization, id);
  refuseMoreThanOwn(organization, [row.role, ...row.projects.map(({ role }) => role)]);
  return row;
}

export function unknownAccount({ id: organization }: AuthorizedOrganization, id: number): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `there is no service account ${id} in organization ${organization}`,
  );
}

/** Whoever could hand out more than he has would have it. */
export function refuseMoreThanOwn(
  { role: own }: AuthorizedOrganization,
  given: readonly Role[],
): void {
  const more = given.find((role) => !roleAllows(own, role));
  if (more === undefined) return;
  throw new ApiError(
    'FORBIDDEN',
    `an account with the role "${more}" is for those who have it; yours is "${own}"`,
  );
}

/** Projects of other organisations look like none. */
export async function requireProjects(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await tx.project.findMany({
    where: { id: { in: [...ids] }, organizationId: organization.id },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing === undefined) return;
  throw new ApiError(
    'INVALID_REQUEST',
    `projects: there is no project ${missing} in organization ${organization.id}`,
  );
}

/** What was done to an account, in the transaction that does it; its secret is never in there. */
export async function recordAccount(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  entry: {
    readonly verb: 'create' | 'change' | 'rotate' | 'remove';
    readonly account: AccountRow;
    readonly by: Principal;
    readonly before?: AccountRow;
  },
): Promise<void> {
  const { verb, account, by, before } = entry;
  const details =
    before === undefined
      ? rightsOf(account)
      : { before: rightsOf(before), after: rightsOf(account) };
  await recordIn(tx, {
    projectId: null,
    organizationId: organization.id,
    actor: nameOf(by),
    action: `service_account.${verb}`,
    target: account.username,
    details,
  });
}

function rightsOf({ role, allProjects, expiresAt, projects }: AccountRow): object {
  const roles = projects.map(({ projectId, role: own }) => ({ id: projectId, role: own }));
  return { role, allProjects, expiresAt, projects: roles };
}
