import type { Db } from '@arbor/db';
import { hashSecret } from '@arbor/db/secrets';
import { ApiError } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { readAuthorization } from './authorization-header.ts';
import type { Principal } from './principal.ts';
import { serviceAccountOf } from './service-account-login.ts';

export interface Authenticator {
  /** By session cookie alone: what the dashboard's own calls carry. Nobody signed in is a guest. */
  bySession(headers: Headers): Promise<Principal>;
  /**
   * By the `Authorization` header where given, else by session. A credential that is wrong is an error, never a guest:
   * a script must learn that its secret does not work.
   */
  byRequest(headers: Headers): Promise<Principal>;
}

export function createAuthenticator({
  db,
  accounts,
  clock,
}: {
  db: Db;
  accounts: Accounts;
  clock: () => number;
}): Authenticator {
  const bySession = async (headers: Headers): Promise<Principal> => {
    const user = await accounts.userOf(headers);
    if (user === null) return { type: 'guest' };
    const memberships = await db.membership.findMany({
      where: { userId: user.id },
      select: { organizationId: true, role: true },
    });
    return { type: 'user', user, memberships };
  };
  return {
    bySession,
    byRequest: async (headers) => {
      const authorization = headers.get('authorization');
      if (authorization === null) return bySession(headers);
      const credentials = readAuthorization(authorization);
      if (credentials === null) {
        throw new ApiError(
          'UNAUTHENTICATED',
          'authorization: only Basic and Bearer are understood',
        );
      }
      const { username, password } = credentials;
      const principal =
        password === ''
          ? await bySecret(db, username)
          : await byServiceAccount(db, { username, secret: password }, clock());
      if (principal !== null) return principal;
      throw new ApiError('UNAUTHENTICATED', 'the credentials are not valid');
    },
  };
}

/** The hash is looked up, not the secret, so the database's comparison tells nothing about it. */
async function bySecret(db: Db, secret: string): Promise<Principal | null> {
  const project = await db.project.findUnique({
    where: { secretHash: hashSecret(secret) },
    select: { id: true },
  });
  return project === null ? null : { type: 'project_secret', projectId: project.id };
}

async function byServiceAccount(
  db: Db,
  credentials: { readonly username: string; readonly secret: string },
  now: number,
): Promise<Principal | null> {
  const account = await serviceAccountOf(db, credentials, now);
  if (account === null) return null;
  const { username, organizationId, role, allProjects, projectRoles, expiresAt } = account;
  // Told only to who has the right secret.
  if (account.expired) {
    const end = expiresAt?.toISOString() ?? '';
    throw new ApiError('UNAUTHENTICATED', `the service account "${username}" expired at ${end}`);
  }
  return { type: 'service_account', username, organizationId, role, allProjects, projectRoles };
}
