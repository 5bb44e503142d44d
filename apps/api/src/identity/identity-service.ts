import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@arbor/db';
import { splitByUndo } from '@arbor/engine/identity/undo';
import { type IdentityChangeAnswer, identityModeSchema } from '@arbor/schema/identity';
import type { IngestRecord } from '@arbor/schema/ingest';
import { recordIn } from '../audit/audit-log.ts';
import type { AuditLog } from '../audit/ports.ts';
import { nameOf } from '../auth/name-of.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { ApiError } from '../errors.ts';
import {
  findHeldLink,
  linkId,
  readCluster,
  readLinkedUser,
  readLog,
  readRefusals,
} from './identity-reads.ts';
import type { IdentityService } from './ports.ts';

/** A change takes as long as an event; after this the caller is told that it is still to come. */
const waitMs = 10_000;
const pollMs = 50;
const dayMs = 86_400_000;

export interface IdentityDeps {
  readonly db: Db;
  /** The way of everything that is sent: resolves once it is durable. */
  readonly send: (batch: BatchContent) => Promise<void>;
  readonly audit: AuditLog;
  readonly clock: () => number;
}

export function createIdentityService(deps: IdentityDeps): IdentityService {
  const { db, audit, clock } = deps;
  const tell = (project: number, record: IngestRecord): Promise<void> =>
    // As an import: its callers show who they are, too.
    deps.send({
      queue: 'live',
      project,
      source: 'import',
      receivedAt: record.time,
      records: [record],
    });

  return {
    userOf: (project, identifier) => readCluster(db, project.id, identifier),

    log: async (project, identifier, cursor) => {
      const { identifiers } = await readCluster(db, project.id, identifier);
      const names = identifiers.map((each) => each.identifier);
      return readLog(db, project.id, { identifiers: names, cursor });
    },

    refusals: (project, days) => readRefusals(db, project.id, new Date(clock() - days * dayMs)),

    merge: async (project, { one: user, other: alias }, { by, signal }) => {
      const users = [
        await readCluster(db, project.id, user),
        await readCluster(db, project.id, alias),
      ];
      if (users[0]?.canonical === users[1]?.canonical) return { done: true };
      const { _max: before } = await db.identityLink.aggregate({
        where: { project: project.id },
        _max: { id: true },
      });
      await tell(project.id, { kind: 'link', time: clock(), alias, user });
      await audit.record({
        projectId: project.id,
        actor: nameOf(by),
        action: 'identity.merge',
        target: user,
        details: { with: alias },
      });
      return waitFor(signal, async () => {
        const link = await db.identityLink.findFirst({
          where: {
            project: project.id,
            alias,
            joined: user,
            form: 'explicit',
            id: { gt: before.id ?? 0n },
          },
        });
        if (link !== null && link.refused !== null) throw new ApiError('CONFLICT', link.refused);
        return link !== null;
      });
    },

    preview: async (project, link) => {
      const held = await findHeldLink(db, project.id, link);
      const { canonical, members, links } = await readLinkedUser(db, project.id, held.alias);
      const split = splitByUndo({ canonical, members }, links, held);
      const leaving = new Set(split?.identifiers);
      const staying = members.map(({ identifier }) => identifier).filter((id) => !leaving.has(id));
      return {
        stays: { canonical, identifiers: staying.sort() },
        leaves:
          split === null ? null : { canonical: split.to, identifiers: [...split.identifiers] },
      };
    },

    undo: async (project, link, { by, signal }) => {
      const held = await findHeldLink(db, project.id, link);
      const actor = nameOf(by);
      await tell(project.id, { kind: 'unlink', time: clock(), link: held.id, by: actor });
      await audit.record({
        projectId: project.id,
        actor,
        action: 'identity.undo',
        target: held.alias,
        details: { link, joined: held.joined },
      });
      return waitFor(signal, async () => {
        const row = await db.identityLink.findUnique({ where: { id: linkId(link) } });
        return row === null || row.undoneAt !== null;
      });
    },

    settings: async (project) => {
      const row = await db.project.findUniqueOrThrow({
        where: { id: project.id },
        select: { identityMode: true },
      });
      return { mode: identityModeSchema.parse(row.identityMode) };
    },

    setSettings: async (project, { mode }, by) => {
      await db.$transaction(async (tx) => {
        const where = { id: project.id };
        const select = { identityMode: true };
        const { identityMode: was } = await tx.project.findUniqueOrThrow({ where, select });
        if (was === mode) return;
        await tx.project.update({ where, data: { identityMode: mode }, select });
        const details = { was, is: mode };
        const entry = { projectId: project.id, actor: nameOf(by), action: 'identity.mode' };
        await recordIn(tx, { ...entry, details });
      });
      return { mode };
    },
  };
}

/** Looks until it is so. A caller who goes away leaves the change to be carried out. */
async function waitFor(
  signal: AbortSignal,
  isSo: () => Promise<boolean>,
): Promise<IdentityChangeAnswer> {
  const end = performance.now() + waitMs;
  while (performance.now() < end) {
    if (await isSo()) return { done: true };
    try {
      await sleep(pollMs, undefined, { signal });
    } catch (cause) {
      throw new ApiError('CANCELLED', 'the caller went away before the change was carried out', {
        cause,
      });
    }
  }
  return { done: false };
}
