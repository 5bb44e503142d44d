import type { Db } from '@arbor/db';
import type {
  LexiconEntity,
  LexiconEntry,
  LexiconSettings,
  SessionSettings,
} from '@arbor/schema/definitions';
import { sessionSettingsSchema } from '@arbor/schema/definitions';
import { recordIn } from '../audit/audit-log.ts';
import { json, raiseVersion } from './definition-store.ts';

/** A name in the data of a project. */
export interface LexiconKey {
  readonly projectId: number;
  readonly entity: LexiconEntity;
  readonly name: string;
}

/**
 * What was said about names, and how sessions are cut. Every change raises the version of the definitions, and is written
 * down with who made it (`actor`), in the same transaction.
 */
export interface LexiconStore {
  /** Those about which something was said, by name. */
  list(projectId: number, entity: LexiconEntity): Promise<LexiconEntry[]>;
  find(key: LexiconKey): Promise<LexiconEntry | null>;
  set(key: LexiconKey, settings: LexiconSettings, actor: string): Promise<void>;
  /** Nothing was ever said about the name. */
  forget(key: LexiconKey, actor: string): Promise<void>;
  sessions(projectId: number): Promise<SessionSettings>;
  setSessions(projectId: number, settings: SessionSettings, actor: string): Promise<void>;
}

export const lexiconFields = {
  name: true,
  hidden: true,
  displayName: true,
  description: true,
  mergedInto: true,
} as const;

export function createLexiconStore(db: Db): LexiconStore {
  return {
    list: (projectId, entity) =>
      db.lexiconEntry.findMany({
        where: { projectId, entity },
        select: lexiconFields,
        orderBy: { name: 'asc' },
      }),
    find: (key) =>
      db.lexiconEntry.findUnique({ where: { projectId_entity_name: key }, select: lexiconFields }),
    set: async (key, settings, actor) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, key.projectId);
        const where = { projectId_entity_name: key };
        const before = await tx.lexiconEntry.findUnique({ where, select: lexiconFields });
        await tx.lexiconEntry.upsert({ where, create: { ...key, ...settings }, update: settings });
        const after = { ...before, ...settings, name: key.name };
        await recordIn(tx, { ...entryOf(key, actor), details: { before, after } });
      });
    },
    forget: async (key, actor) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, key.projectId);
        const where = { projectId_entity_name: key };
        const before = await tx.lexiconEntry.findUnique({ where, select: lexiconFields });
        if (before === null) return;
        await tx.lexiconEntry.delete({ where });
        await recordIn(tx, { ...entryOf(key, actor), details: { before, after: null } });
      });
    },
    sessions: async (projectId) => {
      const row = await db.sessionSetting.findUnique({ where: { projectId } });
      return sessionSettingsSchema.parse(row?.settings ?? {});
    },
    setSessions: async (projectId, value, actor) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, projectId);
        const settings = json(value);
        const where = { projectId };
        const before = await tx.sessionSetting.findUnique({ where });
        await tx.sessionSetting.upsert({
          where,
          create: { projectId, settings },
          update: { settings },
        });
        const details = { before: before?.settings ?? null, after: value };
        await recordIn(tx, { projectId, actor, action: 'sessions.change', details });
      });
    },
  };
}

function entryOf({ projectId, entity, name }: LexiconKey, actor: string) {
  return { projectId, actor, action: `${entity}.describe`, target: name };
}
