import type { Db, DbTransaction } from '@arbor/db';
import { isUniqueViolation } from '@arbor/db';
import { hashSecret, newSecret } from '@arbor/db/secrets';
import { accountRoleIn } from '../auth/account-role.ts';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import { accountName, nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import { lockOrganization, withdrawGiven } from '../members/member-rows.ts';
import type { ServiceAccounts } from './ports.ts';
import { addToProjects, removeFromProjects } from './project-access.ts';
import type { NewServiceAccount, ServiceAccountChange } from './service-account-input.ts';
import type { AccountRow } from './service-account-rows.ts';
import {
  accountColumns,
  lockedAccount,
  recordAccount,
  refuseMoreThanOwn,
  requireProjects,
  unknownAccount,
  viewOf,
} from './service-account-rows.ts';

export function createServiceAccounts(db: Db, clock: () => number): ServiceAccounts {
  const shown = (row: AccountRow) => viewOf(row, clock());
  return {
    list: async ({ id }, { limit, cursor }) => {
      const found = await db.serviceAccount.findMany({
        where: { organizationId: id, ...(cursor !== undefined && { id: { gt: Number(cursor) } }) },
        select: accountColumns,
        orderBy: { id: 'asc' },
        take: limit + 1,
      });
      const page = found.slice(0, limit);
      const next = found.length > limit ? String(page.at(-1)?.id) : null;
      return { serviceAccounts: page.map(shown), next };
    },
    get: async (organization, id) => {
      const where = { id, organizationId: organization.id };
      const row = await db.serviceAccount.findFirst({ where, select: accountColumns });
      if (row === null) throw unknownAccount(organization, id);
      return shown(row);
    },
    ofProject: async ({ id, organizationId }) => {
      const found = await db.serviceAccount.findMany({
        where: {
          organizationId,
          OR: [{ allProjects: true }, { projects: { some: { projectId: id } } }],
        },
        select: accountColumns,
        orderBy: { id: 'asc' },
      });
      return found.flatMap((row) => {
        const projectRoles = new Map(row.projects.map((one) => [one.projectId, one.role]));
        const role = accountRoleIn({ ...row, projectRoles }, id);
        if (role === null) return [];
        const { allProjects: _all, projects: _projects, ...account } = shown(row);
        return [{ ...account, role }];
      });
    },
    create: async (organization, account, by) => {
      const secret = newSecret();
      const row = await db
        .$transaction((tx) => create(tx, organization, { account, by, secret, now: clock() }))
        .catch((cause: unknown) => {
          if (!isUniqueViolation(cause)) throw cause;
          const text = `there is a service account "${account.username}" already: choose another name`;
          throw new ApiError('CONFLICT', text, { cause });
        });
      return { serviceAccount: shown(row), secret };
    },
    change: async (organization, id, wanted, by) =>
      shown(
        await db.$transaction((tx) => change(tx, organization, { id, wanted, by, now: clock() })),
      ),
    rotate: async (organization, id, by) => {
      const secret = newSecret();
      const row = await db.$transaction(async (tx) => {
        const account = await lockedAccount(tx, organization, id);
        await tx.serviceAccount.update({ where: { id }, data: { secretHash: hashSecret(secret) } });
        await recordAccount(tx, organization, { verb: 'rotate', account, by });
        return account;
      });
      return { serviceAccount: shown(row), secret };
    },
    remove: (organization, id, by) =>
      db.$transaction(async (tx) => {
        // As for every change of who belongs to it, before anything else is locked.
        await lockOrganization(tx, organization.id);
        const account = await lockedAccount(tx, organization, id);
        await withdrawGiven(tx, organization.id, accountName(account.username), null);
        await tx.serviceAccount.delete({ where: { id } });
        await recordAccount(tx, organization, { verb: 'remove', account, by });
      }),
    addToProjects: (organization, added, by) =>
      db.$transaction((tx) => addToProjects(tx, organization, added, by)),
    removeFromProjects: (organization, removed, by) =>
      db.$transaction((tx) => removeFromProjects(tx, organization, removed, by)),
  };
}

async function create(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  {
    account,
    by,
    secret,
    now,
  }: {
    readonly account: NewServiceAccount;
    readonly by: Principal;
    readonly secret: string;
    readonly now: number;
  },
): Promise<AccountRow> {
  const { username, role, projects } = account;
  refuseMoreThanOwn(organization, [role, ...(projects ?? []).map((one) => one.role)]);
  await requireProjects(
    tx,
    organization,
    (projects ?? []).map(({ id }) => id),
  );
  const row = await tx.serviceAccount.create({
    data: {
      organizationId: organization.id,
      username,
      role,
      allProjects: projects === null,
      expiresAt: expiryOf(account.expiresAt, now),
      secretHash: hashSecret(secret),
      createdBy: nameOf(by),
      ...(projects !== null && { projects: { create: projects.map(rowOf) } }),
    },
    select: accountColumns,
  });
  await recordAccount(tx, organization, { verb: 'create', account: row, by });
  return row;
}

async function change(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  {
    id,
    wanted,
    by,
    now,
  }: {
    readonly id: number;
    readonly wanted: ServiceAccountChange;
    readonly by: Principal;
    readonly now: number;
  },
): Promise<AccountRow> {
  const before = await lockedAccount(tx, organization, id);
  const { role, expiresAt, projects } = wanted;
  const given = (projects ?? []).map((one) => one.role);
  refuseMoreThanOwn(organization, role === undefined ? given : [role, ...given]);
  await requireProjects(
    tx,
    organization,
    (projects ?? []).map((one) => one.id),
  );
  const account = await tx.serviceAccount.update({
    where: { id },
    data: {
      ...(role !== undefined && { role }),
      ...(expiresAt !== undefined && { expiresAt: expiryOf(expiresAt, now) }),
      ...(projects !== undefined && {
        allProjects: projects === null,
        projects: { deleteMany: {}, create: (projects ?? []).map(rowOf) },
      }),
    },
    select: accountColumns,
  });
  await recordAccount(tx, organization, { verb: 'change', account, before, by });
  return account;
}

const rowOf = ({ id, role }: { readonly id: number; readonly role: AccountRow['role'] }) => ({
  projectId: id,
  role,
});

/** One that is over already would be a mistake of the hour or the zone: to end an account one removes it. */
function expiryOf(text: string | null, now: number): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt.getTime() > now) return expiresAt;
  throw new ApiError('INVALID_REQUEST', `expiresAt: ${text} is over already`);
}
