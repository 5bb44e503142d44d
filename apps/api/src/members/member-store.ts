import type { Db } from '@arbor/db';
import { hashSecret, newSecret } from '@arbor/db/secrets';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import { normalEmail } from '../auth/create-owner.ts';
import { nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { joinOrganization, offerOf } from './join.ts';
import type { NewInvitation } from './member-input.ts';
import {
  lockOrganization,
  memberColumns,
  memberFor,
  memberView,
  recordMember,
  refuseMoreThanOwn,
  requireOtherOwner,
  withdrawGiven,
} from './member-rows.ts';
import type { Members } from './ports.ts';

const dayMs = 86_400_000;

const invitationColumns = {
  id: true,
  role: true,
  email: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
} as const;

export function createMembers(db: Db, clock: () => number): Members {
  return {
    list: async ({ id: organizationId }) => {
      const [members, invitations] = await Promise.all([
        db.membership.findMany({
          where: { organizationId },
          select: memberColumns,
          orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
        }),
        db.invitation.findMany({
          where: { organizationId, usedAt: null, expiresAt: { gt: new Date(clock()) } },
          select: invitationColumns,
          orderBy: [{ expiresAt: 'asc' }, { id: 'asc' }],
        }),
      ]);
      return { members: members.map(memberView), invitations };
    },
    change: (organization, { id, role }, by) =>
      db.$transaction(async (tx) => {
        await lockOrganization(tx, organization.id);
        const before = await memberFor(tx, organization, id);
        refuseMoreThanOwn(organization, role);
        if (role !== 'owner') await requireOtherOwner(tx, organization, before);
        const withdrawn = await withdrawGiven(tx, organization.id, before.user.email, role);
        const member = await tx.membership.update({
          where: { organizationId_userId: { organizationId: organization.id, userId: id } },
          data: { role },
          select: memberColumns,
        });
        await recordMember(tx, organization.id, {
          action: 'member.change',
          target: member.user.email,
          details: { before: before.role, after: role, withdrawn },
          by,
        });
        return memberView(member);
      }),
    remove: (organization, id, by) =>
      db.$transaction(async (tx) => {
        await lockOrganization(tx, organization.id);
        const member = await memberFor(tx, organization, id);
        await requireOtherOwner(tx, organization, member);
        const withdrawn = await withdrawGiven(tx, organization.id, member.user.email, null);
        await tx.membership.delete({
          where: { organizationId_userId: { organizationId: organization.id, userId: id } },
        });
        await recordMember(tx, organization.id, {
          action: 'member.remove',
          target: member.user.email,
          details: { role: member.role, withdrawn },
          by,
        });
      }),
    invite: (organization, invitation, by) =>
      invite(db, organization, { invitation, by, now: clock() }),
    withdraw: (organization, id, by) =>
      db.$transaction(async (tx) => {
        const where = { id, organizationId: organization.id, usedAt: null };
        const found = await tx.invitation.findFirst({ where, select: invitationColumns });
        if (found === null) {
          throw new ApiError(
            'NOT_FOUND',
            `there is no open invitation ${id} in organization ${organization.id}`,
          );
        }
        refuseMoreThanOwn(organization, found.role);
        await tx.invitation.delete({ where: { id } });
        await recordMember(tx, organization.id, {
          action: 'invitation.withdraw',
          target: found.email ?? `invitation ${id}`,
          details: { role: found.role },
          by,
        });
      }),
    offered: (token) => offerOf(db, token, clock()),
    join: (request, by) => joinOrganization(db, { request, by, now: clock() }),
  };
}

async function invite(
  db: Db,
  organization: AuthorizedOrganization,
  {
    invitation,
    by,
    now,
  }: { readonly invitation: NewInvitation; readonly by: Principal; readonly now: number },
): ReturnType<Members['invite']> {
  const { role, email, days } = invitation;
  refuseMoreThanOwn(organization, role);
  const token = newSecret();
  const made = await db.$transaction(async (tx) => {
    const row = await tx.invitation.create({
      data: {
        organizationId: organization.id,
        tokenHash: hashSecret(token),
        role,
        email: email === null ? null : normalEmail(email),
        createdBy: nameOf(by),
        createdAt: new Date(now),
        expiresAt: new Date(now + days * dayMs),
      },
      select: invitationColumns,
    });
    await recordMember(tx, organization.id, {
      action: 'invitation.create',
      target: row.email ?? `invitation ${row.id}`,
      details: { role, expiresAt: row.expiresAt },
      by,
    });
    return row;
  });
  return { invitation: made, token };
}
