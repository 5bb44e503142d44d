import type { Db } from '@arbor/db';
import type { Role } from '@arbor/db/roles';
import { secretMatches } from '@arbor/db/secrets';

/** A service account whose secret was right. */
export interface KnownAccount {
  readonly username: string;
  readonly organizationId: number;
  readonly role: Role;
  readonly allProjects: boolean;
  readonly projectRoles: ReadonlyMap<number, Role>;
  readonly expiresAt: Date | null;
  /** It is good no longer: for the caller to refuse, in words of its own. */
  readonly expired: boolean;
}

/** Nobody needs to know more exactly when an account came last, and each time it is written costs an fsync. */
const lastUseEveryMs = 60_000;

/** The account of this name and secret; null without one. That it came is written down, at most once a minute. */
export async function serviceAccountOf(
  db: Db,
  { username, secret }: { readonly username: string; readonly secret: string },
  now: number,
): Promise<KnownAccount | null> {
  // PostgreSQL refuses text with a zero byte: nobody is called that, which is no error of the server.
  if (username.includes('\0')) return null;
  const found = await db.serviceAccount.findUnique({
    where: { username },
    include: { projects: { select: { projectId: true, role: true } } },
  });
  if (found === null || !secretMatches(secret, found.secretHash)) return null;
  const { organizationId, role, allProjects, expiresAt, lastUsedAt } = found;
  const expired = hasExpired(expiresAt, now);
  if (!expired && (lastUsedAt === null || now - lastUsedAt.getTime() >= lastUseEveryMs)) {
    const where = { id: found.id };
    // Nobody waits for it, and a request does not fail where it cannot be written.
    db.serviceAccount
      .updateMany({ where, data: { lastUsedAt: new Date(now) } })
      .catch(() => undefined);
  }
  const projectRoles = new Map(found.projects.map((one) => [one.projectId, one.role]));
  return { username, organizationId, role, allProjects, projectRoles, expiresAt, expired };
}

/** The moment itself counts as over. */
export function hasExpired(expiresAt: Date | null, now: number): boolean {
  return expiresAt !== null && expiresAt.getTime() <= now;
}
