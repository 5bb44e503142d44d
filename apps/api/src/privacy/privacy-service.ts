import { randomUUID } from 'node:crypto';
import type { Db } from '@arbor/db';
import { noJson } from '@arbor/db';
import type { PrivacySettings } from '@arbor/schema/privacy';
import { recordIn } from '../audit/audit-log.ts';
import { nameOf } from '../auth/name-of.ts';
import { ApiError } from '../errors.ts';
import type { AccessLinks } from './access-link.ts';
import { type DataRequestRow, dataRequestView } from './data-request-view.ts';
import type { AccessExport } from './export-access.ts';
import type { PrivacyService } from './ports.ts';

const requestsAPage = 50;

export interface PrivacyDeps {
  readonly db: Db;
  readonly links: AccessLinks;
  readonly exportAccess: AccessExport;
  readonly clock: () => number;
}

export function createPrivacyService(deps: PrivacyDeps): PrivacyService {
  const { db, links, clock } = deps;
  const view = (row: DataRequestRow) => dataRequestView(row, { links, now: clock() });
  const find = async (projectId: number, id: string): Promise<DataRequestRow> => {
    const row = await db.dataRequest.findFirst({ where: { id, projectId } });
    return row ?? missing(id);
  };

  return {
    create: async (project, { kind, distinctIds, complianceType, disclosureType }, by) => {
      const actor = nameOf(by);
      const asked = [...new Set(distinctIds)];
      const row = await db.$transaction(async (tx) => {
        const created = await tx.dataRequest.create({
          data: {
            id: randomUUID(),
            projectId: project.id,
            kind,
            complianceType,
            disclosureType,
            distinctIds: asked,
            distinctIdCount: asked.length,
            requestedBy: actor,
            createdAt: new Date(clock()),
          },
        });
        // Not who: that would have to be erased here, too.
        const details = { request: created.id, users: asked.length, complianceType };
        const entry = { projectId: project.id, actor, action: `${kind}.request` };
        await recordIn(tx, { ...entry, details });
        return created;
      });
      return view(row);
    },

    get: async (project, id) => view(await find(project.id, id)),

    list: async (project, { cursor }) => {
      const found = await db.dataRequest.findMany({
        where: { projectId: project.id, ...(cursor !== undefined && before(cursor)) },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: requestsAPage + 1,
      });
      const page = found.slice(0, requestsAPage);
      const last = found.length > requestsAPage ? page.at(-1) : undefined;
      return {
        requests: page.map(view),
        next: last === undefined ? null : `${last.createdAt.getTime()}.${last.id}`,
      };
    },

    cancel: async (project, id, by) => {
      const row = await find(project.id, id);
      const { count } = await db.dataRequest.updateMany({
        where: { id, kind: 'erasure', status: { in: ['PENDING', 'STAGING'] } },
        data: {
          status: 'REVOKED',
          distinctIds: noJson,
          result: noJson,
          endedAt: new Date(clock()),
        },
      });
      if (count === 0) {
        const { status } = await find(project.id, id);
        throw new ApiError('CONFLICT', `request ${row.id} is ${status}: it cannot be cancelled`);
      }
      const entry = { projectId: project.id, actor: nameOf(by), action: 'erasure.cancel' };
      await recordIn(db, { ...entry, details: { request: id } });
      return view(await find(project.id, id));
    },

    download: async (link, signal) => {
      if (!links.holds(link, clock())) missing(link.request);
      const row = await db.dataRequest.findUnique({ where: { id: link.request } });
      if (row === null || row.distinctIds === null) return missing(link.request);
      const entry = { projectId: row.projectId, actor: 'whoever had the link' };
      await recordIn(db, { ...entry, action: 'access.download', details: { request: row.id } });
      const shown = view(row);
      const request = { ...shown, distinctIds: shown.distinctIds ?? [] };
      return { id: row.id, lines: deps.exportAccess(row.projectId, request, signal) };
    },

    settings: (project) => readSettings(db, project.id),

    setSettings: async (project, change, by) => {
      return db.$transaction(async (tx) => {
        const was = await readSettings(tx, project.id);
        const { retentionDays, acceptsErased } = change;
        // What is not given is not written: somebody else may be changing it.
        const data = {
          ...(retentionDays !== undefined && { retentionDays }),
          ...(acceptsErased !== undefined && { acceptsErased }),
        };
        const is = { ...was, ...data };
        if (is.retentionDays === was.retentionDays && is.acceptsErased === was.acceptsErased) {
          return is;
        }
        await tx.project.update({ where: { id: project.id }, data, select: { id: true } });
        const entry = { projectId: project.id, actor: nameOf(by), action: 'privacy.settings' };
        await recordIn(tx, { ...entry, details: { was, is } });
        return is;
      });
    },
  };
}

function missing(id: string): never {
  throw new ApiError('NOT_FOUND', `there is no request ${id} here, or its link has expired`);
}

function before(cursor: string) {
  const [, at = '', id = ''] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor) ?? [];
  if (id === '') throw new ApiError('INVALID_REQUEST', `"${cursor}" is no cursor of this list`);
  const createdAt = new Date(Number(at));
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

async function readSettings(db: Pick<Db, 'project'>, projectId: number): Promise<PrivacySettings> {
  return db.project.findUniqueOrThrow({
    where: { id: projectId },
    select: { retentionDays: true, acceptsErased: true },
  });
}
