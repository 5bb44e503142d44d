import type { Db } from '@arbor/db';
import type {
  LexiconEntity,
  LexiconEntry,
  LexiconSettings,
  SessionSettings,
} from '@arbor/schema/definitions';
import { sessionSettingsSchema } from '@arbor/schema/definitions';
import { json, raiseVersion } from './definition-store.ts';

/** A name in the data of a project. */
export interface LexiconKey {
  readonly projectId: number;
  readonly entity: LexiconEntity;
  readonly name: string;
}

/** What was said about names, and how sessions are cut. Every change raises the version of the definitions. */
export interface LexiconStore {
  /** Those about which something was said, by name. */
  list(projectId: number, entity: LexiconEntity): Promise<LexiconEntry[]>;
  find(key: LexiconKey): Promise<LexiconEntry | null>;
  set(key: LexiconKey, settings: LexiconSettings): Promise<void>;
  /** Nothing was ever said about the name. */
  forget(key: LexiconKey): Promise<void>;
  sessions(projectId: number): Promise<SessionSettings>;
  setSessions(projectId: number, settings: SessionSettings): Promise<void>;
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
    set: async (key, settings) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, key.projectId);
        const where = { projectId_entity_name: key };
        await tx.lexiconEntry.upsert({ where, create: { ...key, ...settings }, update: settings });
      });
    },
    forget: async (key) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, key.projectId);
        await tx.lexiconEntry.deleteMany({ where: key });
      });
    },
    sessions: async (projectId) => {
      const row = await db.sessionSetting.findUnique({ where: { projectId } });
      return sessionSettingsSchema.parse(row?.settings ?? {});
    },
    setSessions: async (projectId, value) => {
      await db.$transaction(async (tx) => {
        await raiseVersion(tx, projectId);
        const settings = json(value);
        const where = { projectId };
        await tx.sessionSetting.upsert({
          where,
          create: { projectId, settings },
          update: { settings },
        });
      });
    },
  };
}
