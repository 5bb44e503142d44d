import type { Db } from '@arbor/db';
import { isUniqueViolation } from '@arbor/db';
import { newSecret, newToken, hashSecret } from '@arbor/db/secrets';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import type { ProjectRecord, ProjectStore } from './ports.ts';

const select = {
  id: true,
  organizationId: true,
  organization: { select: { name: true } },
  name: true,
  token: true,
  timezone: true,
  weekStart: true,
  quarterStart: true,
  allowedOrigins: true,
  spread: true,
  isDemo: true,
  definitionsVersion: true,
} as const;

type Row = Omit<ProjectRecord, 'organization'> & {
  readonly organization: { readonly name: string };
};

const recordOf = (row: Row): ProjectRecord => ({ ...row, organization: row.organization.name });

function settingsOf({ name, timezone, weekStart, quarterStart, allowedOrigins }: Row): object {
  return { name, timezone, weekStart, quarterStart, allowedOrigins };
}

export function createProjectStore(db: Db): ProjectStore {
  return {
    byId: async (id) => {
      const row = await db.project.findUnique({ where: { id }, select });
      return row === null ? null : recordOf(row);
    },
    byToken: async (token) => {
      const row = await db.project.findUnique({ where: { token }, select });
      return row === null ? null : recordOf(row);
    },
    list: async (organizationIds, demo) => {
      const rows = await db.project.findMany({
        where: {
          OR: [
            { organizationId: { in: [...organizationIds] } },
            ...(demo ? [{ isDemo: true }] : []),
          ],
        },
        select,
        orderBy: [{ isDemo: 'asc' }, { name: 'asc' }, { id: 'asc' }],
      });
      return rows.map(recordOf);
    },
    organizations: (ids) =>
      db.organization.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, name: true },
        orderBy: [{ name: 'asc' }],
      }),
    hasOthers: async (organizationId) => {
      const where = { organizationId: { not: organizationId }, isDemo: false };
      return (await db.project.findFirst({ where, select: { id: true } })) !== null;
    },
    create: async ({ organizationId, name, timezone, weekStart, quarterStart }) => {
      const secret = newSecret();
      const data = {
        organizationId,
        name,
        timezone,
        weekStart,
        quarterStart,
        token: newToken(),
        secretHash: hashSecret(secret),
      };
      try {
        return { project: recordOf(await db.project.create({ data, select })), secret };
      } catch (cause) {
        if (!isUniqueViolation(cause)) throw cause;
        throw new ApiError('CONFLICT', 'the new token or id is already taken: try again', {
          cause,
        });
      }
    },
    change: (id, change, actor) =>
      db.$transaction(async (tx) => {
        const before = await tx.project.findUnique({ where: { id }, select });
        if (before === null) return null;
        // The database takes no fields that are undefined, and leaves such columns as they are.
        const data = Object.fromEntries(
          Object.entries(change).filter(([, value]) => value !== undefined),
        );
        const after = await tx.project.update({ where: { id }, data, select });
        await recordIn(tx, {
          projectId: id,
          actor,
          action: 'project.change',
          details: { before: settingsOf(before), after: settingsOf(after) },
        });
        return recordOf(after);
      }),
    rotateSecret: async (id, actor) => {
      const secret = newSecret();
      const isThere = await db.$transaction(async (tx) => {
        const data = { secretHash: hashSecret(secret) };
        const { count } = await tx.project.updateMany({ where: { id }, data });
        if (count === 1) await recordIn(tx, { projectId: id, actor, action: 'project.rotate' });
        return count === 1;
      });
      return isThere ? secret : null;
    },
  };
}
