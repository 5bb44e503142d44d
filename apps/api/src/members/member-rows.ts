import type { DbTransaction } from '@arbor/db';
import type { Role } from '@arbor/db/roles';
import { roleAllows, roles } from '@arbor/db/roles';
import { recordIn } from '../audit/audit-log.ts';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import { nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { MemberView } from './ports.ts';

export const memberColumns = {
  userId: true,
  role: true,
  createdAt: true,
  user: { select: { name: true, email: true } },
} as const;

export interface MemberRow {
  readonly userId: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly user: { readonly name: string; readonly email: string };
}

export function memberView({ userId, role, createdAt, user }: MemberRow): MemberView {
  return { id: userId, name: user.name, email: user.email, role, joinedAt: createdAt };
}

/** Changes of members of one organisation come one after another, so that two owners cannot go at once. */
export async function lockOrganization(tx: DbTransaction, id: number): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM "organizations" WHERE "id" = ${id} FOR UPDATE`;
}

/** The member, for somebody who may do at least as much. */
export async function memberFor(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  userId: string,
): Promise<MemberRow> {
  const row = await tx.membership.findUnique({
    where: { organizationId_userId: { organizationId: organization.id, userId } },
    select: memberColumns,
  });
  if (row === null) {
    throw new ApiError(
      'NOT_FOUND',
      `there is no member "${userId}" in organization ${organization.id}`,
    );
  }
  refuseMoreThanOwn(organization, row.role);
  return row;
}

/** Whoever could hand out more than he has would have it. */
export function refuseMoreThanOwn({ role: own }: AuthorizedOrganization, given: Role): void {
  if (roleAllows(own, given)) return;
  throw new ApiError(
    'FORBIDDEN',
    `the role "${given}" is given and taken by those who have it; yours is "${own}"`,
  );
}

/** Somebody must be left who can do everything. */
export async function requireOtherOwner(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  member: MemberRow,
): Promise<void> {
  if (member.role !== 'owner') return;
  const others = await tx.membership.count({
    where: { organizationId: organization.id, role: 'owner', userId: { not: member.userId } },
  });
  if (others > 0) return;
  throw new ApiError(
    'CONFLICT',
    `${member.user.email} is the only owner: make somebody else an owner first`,
  );
}

/**
 * Takes back the open links that somebody gave out and could not give out with his new `role` (null = he goes): else he could come
 * back, or rise again, by one of his own. Answers how many.
 */
export async function withdrawGiven(
  tx: DbTransaction,
  organizationId: number,
  createdBy: string,
  role: Role | null,
): Promise<number> {
  const more = roles.filter(
    (one) => role === null || !roleAllows(role, 'admin') || !roleAllows(role, one),
  );
  const { count } = await tx.invitation.deleteMany({
    where: { organizationId, usedAt: null, createdBy, role: { in: more } },
  });
  return count;
}

/** What was done in an organisation, in the transaction that does it. */
export async function recordMember(
  tx: DbTransaction,
  organizationId: number,
  entry: {
    readonly action: string;
    readonly target: string;
    readonly details: object;
    readonly by: Principal;
  },
): Promise<void> {
  const { action, target, details, by } = entry;
  await recordIn(tx, {
    projectId: null,
    organizationId,
    actor: nameOf(by),
    action,
    target,
    details,
  });
}
