import type { Db, DbTransaction } from '@arbor/db';
import type { Role } from '@arbor/db/roles';
import { hashSecret } from '@arbor/db/secrets';
import { createUser, normalEmail } from '../auth/create-owner.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { Join } from './member-input.ts';
import { lockOrganization, recordMember } from './member-rows.ts';
import type { Offer } from './ports.ts';

/** One text for all of them: who guesses at links learns nothing. */
const linkIsOver =
  'this link is not valid: it was used or withdrawn, or it is over; ask who invited you for another';

/** What a link that is still good offers. */
export async function offerOf(db: Db, token: string, now: number): Promise<Offer> {
  const found = await db.invitation.findFirst({
    where: { tokenHash: hashSecret(token), usedAt: null, expiresAt: { gt: new Date(now) } },
    select: { role: true, email: true, organization: { select: { name: true } } },
  });
  if (found === null) throw new ApiError('FORBIDDEN', linkIsOver);
  return { organization: found.organization.name, role: found.role, email: found.email };
}

/** One transaction: a link that was used and made no member would be lost. */
export function joinOrganization(
  db: Db,
  { request, by, now }: { readonly request: Join; readonly by: Principal; readonly now: number },
): Promise<{ readonly email: string }> {
  return db.$transaction(
    async (tx) => {
      const invitation = await usedInvitation(tx, request.token, new Date(now));
      const { organizationId, role } = invitation;
      const member = await memberToBe(tx, request, by);
      if (invitation.email !== null && invitation.email !== member.email) {
        throw new ApiError(
          'FORBIDDEN',
          `this link is for ${invitation.email}, not for ${member.email}`,
        );
      }
      const { id: userId } = member;
      const known = await tx.membership.findUnique({
        where: { organizationId_userId: { organizationId, userId } },
        select: { role: true },
      });
      if (known !== null) {
        throw new ApiError('CONFLICT', `you belong to it already, with the role "${known.role}"`);
      }
      await tx.membership.create({ data: { organizationId, userId, role } });
      await recordMember(tx, organizationId, {
        action: 'member.join',
        target: member.email,
        details: { role, invitedBy: invitation.createdBy },
        by: { type: 'user', user: member, memberships: [] },
      });
      return { email: member.email };
    },
    // The password is hashed within: slow on purpose.
    { timeout: 15_000 },
  );
}

/**
 * One of two uses at once wins; a refusal later gives the link back. The organisation is locked first, as by whoever takes a member
 * out together with the links that he gave out.
 */
async function usedInvitation(
  tx: DbTransaction,
  token: string,
  now: Date,
): Promise<{ organizationId: number; role: Role; email: string | null; createdBy: string }> {
  const tokenHash = hashSecret(token);
  const known = await tx.invitation.findUnique({
    where: { tokenHash },
    select: { organizationId: true },
  });
  if (known === null) throw new ApiError('FORBIDDEN', linkIsOver);
  await lockOrganization(tx, known.organizationId);
  const used = await tx.invitation.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used.count !== 1) throw new ApiError('FORBIDDEN', linkIsOver);
  return tx.invitation.findUniqueOrThrow({
    where: { tokenHash },
    select: { organizationId: true, role: true, email: true, createdBy: true },
  });
}

async function memberToBe(
  tx: DbTransaction,
  { person }: Join,
  by: Principal,
): Promise<{ id: string; name: string; email: string }> {
  if (person === undefined) {
    if (by.type === 'user') return { ...by.user, email: normalEmail(by.user.email) };
    throw new ApiError('INVALID_REQUEST', 'person: name yourself, or sign in first');
  }
  const email = normalEmail(person.email);
  if ((await tx.user.findUnique({ where: { email } })) !== null) {
    throw new ApiError(
      'CONFLICT',
      `there is an account for ${email} already: sign in with it, then open this link again`,
    );
  }
  return { id: await createUser(tx, { ...person, email }), name: person.name, email };
}
