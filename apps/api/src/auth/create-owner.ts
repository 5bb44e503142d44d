import { randomUUID } from 'node:crypto';
import type { DbTransaction } from '@arbor/db';
import { hashUserPassword } from './accounts.ts';

export interface NewOwner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** E-mail addresses are compared as the accounts library does: without regard to case. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Makes sure that a user with this address exists and owns the organisation. A user who is there
 * already keeps name and password: whoever starts the server again must not undo a changed password.
 */
export async function ensureOwner(
  db: DbTransaction,
  organizationId: number,
  owner: NewOwner,
): Promise<void> {
  const email = normalEmail(owner.email);
  const known = await db.user.findUnique({ where: { email }, select: { id: true } });
  const userId = known?.id ?? (await createUser(db, { ...owner, email }));
  await db.membership.upsert({
    where: { organizationId_userId: { organizationId, userId } },
    create: { organizationId, userId, role: 'owner' },
    update: { role: 'owner' },
  });
}

/** The rows that better-auth's sign-in by e-mail and password looks for; `email` in its normal form. */
export async function createUser(
  db: DbTransaction,
  { name, email, password }: NewOwner,
): Promise<string> {
  const id = randomUUID();
  await db.user.create({ data: { id, name, email, emailVerified: true } });
  await db.account.create({
    data: {
      id: randomUUID(),
      userId: id,
      accountId: id,
      providerId: 'credential',
      password: await hashUserPassword(password),
    },
  });
  return id;
}
