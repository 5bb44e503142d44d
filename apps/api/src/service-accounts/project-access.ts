import type { DbTransaction } from '@arbor/db';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import type { Principal } from '../auth/principal.ts';
import type { AccountsOfProjects } from './ports.ts';
import type { AccountRow } from './service-account-rows.ts';
import {
  accountColumns,
  lockedAccount,
  recordAccount,
  refuseMoreThanOwn,
  requireProjects,
} from './service-account-rows.ts';

/** Gives accounts a role in projects. */
export async function addToProjects(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  { accounts, projects }: AccountsOfProjects,
  by: Principal,
): Promise<void> {
  const roles = projects.map(({ role }) => role);
  refuseMoreThanOwn(organization, roles);
  const ids = projects.map(({ id }) => id);
  await requireProjects(tx, organization, ids);
  await eachAccount(tx, { organization, accounts, by }, () => ({
    projects: {
      deleteMany: { projectId: { in: ids } },
      create: projects.map(({ id, role }) => ({ projectId: id, role })),
    },
  }));
}

/** Takes accounts out of projects. */
export async function removeFromProjects(
  tx: DbTransaction,
  organization: AuthorizedOrganization,
  removed: { readonly accounts: readonly number[]; readonly projects: readonly number[] },
  by: Principal,
): Promise<void> {
  const { accounts, projects } = removed;
  await requireProjects(tx, organization, projects);
  const others = await tx.project.findMany({
    where: { organizationId: organization.id, id: { notIn: [...projects] } },
    select: { id: true },
  });
  await eachAccount(tx, { organization, accounts, by }, (account) => {
    const own = new Set(account.projects.map(({ projectId }) => projectId));
    // One that opened every project is given the others by name.
    const kept = account.allProjects ? others.filter(({ id }) => !own.has(id)) : [];
    return {
      allProjects: false,
      projects: {
        deleteMany: { projectId: { in: [...projects] } },
        create: kept.map(({ id }) => ({ projectId: id, role: account.role })),
      },
    };
  });
}

/** In the order of their numbers, so that two changes at once never wait for each other. */
async function eachAccount(
  tx: DbTransaction,
  {
    organization,
    accounts,
    by,
  }: {
    readonly organization: AuthorizedOrganization;
    readonly accounts: readonly number[];
    readonly by: Principal;
  },
  changeOf: (
    account: AccountRow,
  ) => Parameters<DbTransaction['serviceAccount']['update']>[0]['data'],
): Promise<void> {
  const ids = [...new Set(accounts)].sort((one, other) => one - other);
  for (const id of ids) {
    const before = await lockedAccount(tx, organization, id);
    const account = await tx.serviceAccount.update({
      where: { id },
      data: changeOf(before),
      select: accountColumns,
    });
    await recordAccount(tx, organization, { verb: 'change', account, before, by });
  }
}
