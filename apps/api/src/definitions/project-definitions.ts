import type { Db } from '@arbor/db';
import type { DefinitionKind, SessionSettings, Uploaded } from '@arbor/schema/definitions';
import {
  definitionSchemas,
  sessionSettingsSchema,
  uploadedSchema,
} from '@arbor/schema/definitions';
import type { UserCondition } from '@arbor/schema/query';
import { lexiconFields } from './lexicon-store.ts';
import type { MergedNames } from './merged-names.ts';
import { mergedNames } from './merged-names.ts';
import type { SavedEvent, SavedProperty } from './resolve-query.ts';

/** Everything that a project has defined, but for the contents of lists and tables. */
export interface ProjectDefinitions {
  readonly version: number;
  readonly cohorts: ReadonlyMap<string, StoredCohort>;
  readonly customEvents: ReadonlyMap<string, SavedEvent>;
  readonly customProperties: ReadonlyMap<string, SavedProperty>;
  /** By id and by name. */
  readonly tables: ReadonlyMap<string, StoredTable>;
  readonly events: MergedNames;
  readonly properties: MergedNames;
  /** Names as they are stored, those that were merged into a hidden one among them. */
  readonly hiddenEvents: readonly string[];
  readonly sessions: SessionSettings;
}
export type StoredCohort =
  | { readonly type: 'conditions'; readonly name: string; readonly filters: UserCondition[] }
  /** `contentId` null = nothing was uploaded yet. */
  | { readonly type: 'frozen'; readonly name: string; readonly contentId: string | null };
export interface StoredTable {
  readonly name: string;
  readonly contentId: string | null;
  /** The keys are the first. */
  readonly columns: Uploaded['columns'];
}

/** About a kilobyte a definition, and a project has some hundreds: bounds what is kept of idle projects. */
const projectsMax = 200;

/**
 * Definitions by project and version. The version comes with the project that each request reads anyway, so what
 * is kept is never older than what the caller knows of; a change in any process is seen by the next request.
 */
export class DefinitionsCache {
  readonly #db: Db;
  readonly #kept = new Map<number, ProjectDefinitions>();
  readonly #loading = new Map<string, Promise<ProjectDefinitions>>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Those of this version, or of a later one. */
  async get({ id, version }: { id: number; version: number }): Promise<ProjectDefinitions> {
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.version >= version) return kept;
    const key = `${id} ${version}`;
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#load(id).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  async #load(projectId: number): Promise<ProjectDefinitions> {
    const loaded = await loadDefinitions(this.#db, projectId);
    this.#kept.delete(projectId);
    this.#kept.set(projectId, loaded);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > projectsMax && oldest !== undefined) this.#kept.delete(oldest);
    return loaded;
  }
}

/** All of one moment, and the version of that moment. */
function loadDefinitions(db: Db, projectId: number): Promise<ProjectDefinitions> {
  return db.$transaction(
    async (tx) => {
      const project = await tx.project.findUniqueOrThrow({
        where: { id: projectId },
        select: { definitionsVersion: true },
      });
      const rows = await tx.definition.findMany({
        where: { projectId, archivedAt: null },
        select: {
          id: true,
          kind: true,
          name: true,
          definition: true,
          contentId: true,
          uploaded: true,
        },
      });
      const entries = await tx.lexiconEntry.findMany({
        where: { projectId },
        select: { ...lexiconFields, entity: true },
      });
      const sessions = await tx.sessionSetting.findUnique({ where: { projectId } });
      const of = (entity: string) => entries.filter((entry) => entry.entity === entity);
      const events = mergedNames(of('event'));
      return {
        version: project.definitionsVersion,
        ...readRows(rows),
        events,
        properties: mergedNames(of('event_property')),
        hiddenEvents: [
          ...new Set(
            of('event').flatMap(({ name, hidden }) => (hidden ? (events.get(name) ?? [name]) : [])),
          ),
        ],
        sessions: sessionSettingsSchema.parse(sessions?.settings ?? {}),
      };
    },
    { isolationLevel: 'RepeatableRead' },
  );
}

interface Row {
  readonly id: string;
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly definition: unknown;
  readonly contentId: string | null;
  readonly uploaded: unknown;
}

function readRows(
  rows: readonly Row[],
): Pick<ProjectDefinitions, 'cohorts' | 'customEvents' | 'customProperties' | 'tables'> {
  const cohorts = new Map<string, StoredCohort>();
  const customEvents = new Map<string, SavedEvent>();
  const customProperties = new Map<string, SavedProperty>();
  const tables = new Map<string, StoredTable>();
  for (const { id, kind, name, definition, contentId, uploaded } of rows) {
    switch (kind) {
      case 'cohort': {
        const cohort = definitionSchemas.cohort.parse(definition);
        cohorts.set(
          id,
          cohort.type === 'frozen'
            ? { type: 'frozen', name, contentId }
            : { type: 'conditions', name, filters: cohort.filters },
        );
        break;
      }
      case 'custom_event':
        customEvents.set(id, { name, ...definitionSchemas.custom_event.parse(definition) });
        break;
      case 'custom_property':
        customProperties.set(id, { name, ...definitionSchemas.custom_property.parse(definition) });
        break;
      case 'lookup_table': {
        const columns = uploaded === null ? [] : uploadedSchema.parse(uploaded).columns;
        const table = { name, contentId, columns };
        tables.set(id, table);
        // A name that is the id of another table does not hide it.
        if (!tables.has(name)) tables.set(name, table);
      }
    }
  }
  return { cohorts, customEvents, customProperties, tables };
}
