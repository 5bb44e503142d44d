import { roleAllows } from '@arbor/db/roles';
import type { Role } from '@arbor/db/roles';
import type {
  DefinitionKind,
  LexiconEntity,
  LexiconEntry,
  SavedDefinition,
  UploadReport,
} from '@arbor/schema/definitions';
import { definitionSchemas, uploadedSchema } from '@arbor/schema/definitions';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { nameOf } from '../auth/name-of.ts';
import type { Principal } from '../auth/principal.ts';
import type { QueryService } from '../dqs/ports.ts';
import { ApiError } from '../errors.ts';
import type { DefinitionCheck } from './check-definition.ts';
import type { ContentStore, ContentWriter } from './content-store.ts';
import type { DefinitionKey, DefinitionRow, DefinitionStore } from './definition-store.ts';
import { changedMeanwhile, gone } from './definition-store.ts';
import { cohortMembers } from './cohort-members.ts';
import type { LexiconStore } from './lexicon-store.ts';
import { mergedTarget } from './merged-names.ts';
import type { Definitions, UploadedKind } from './ports.ts';
import { readMembers, readTable } from './read-upload.ts';

export interface DefinitionsDeps {
  readonly store: DefinitionStore;
  readonly lexicon: LexiconStore;
  readonly contents: ContentStore;
  readonly check: DefinitionCheck;
  readonly queries: Pick<QueryService, 'run'>;
  readonly clock: () => number;
}

export function createDefinitions(deps: DefinitionsDeps): Definitions {
  const { store, lexicon, contents, check, clock } = deps;
  return {
    list: async (project, kind, { archived }) => {
      const rows = await store.list(project.id, kind, archived);
      return rows.map((row) => savedOf(kind, row));
    },
    get: async ({ id: projectId }, kind, id) =>
      savedOf(kind, await found(deps, { projectId, kind, id })),
    create: async (project, kind, request, by) => {
      demandBorrower(project, request.definition);
      await check.works(project, { kind, id: null, ...request });
      const createdBy = nameOf(by);
      return savedOf(kind, await store.create(project.id, kind, { ...request, createdBy }));
    },
    change: async (project, kind, id, { archived, ...change }, by) => {
      demandBorrower(project, change.definition);
      const key = { projectId: project.id, kind, id };
      const before = await found(deps, key);
      const kept = savedOf(kind, before);
      if (kind === 'cohort' && change.definition !== undefined)
        demandSameType(before, change.definition);
      if (archived === true) await check.isUnused(project, { kind, id, name: kept.name });
      else await check.works(project, { ...kept, ...defined(change), kind, id });
      const archivedAt =
        archived === undefined
          ? undefined
          : archived
            ? (before.archivedAt ?? new Date(clock()))
            : null;
      const row = await store.change(key, { ...change, archivedAt }, nameOf(by));
      return savedOf(kind, row ?? missing(key));
    },
    upload: async (project, kind, id, csv, by, { whole } = { whole: false }) => {
      const key = { projectId: project.id, kind, id };
      demandUploadable(kind, await found(deps, key));
      return upload(deps, key, {
        by,
        whole,
        read: (writer) => (kind === 'cohort' ? readMembers : readTable)(csv, writer),
      });
    },
    addMembers: async (project, id, csv, by) => {
      const key = { projectId: project.id, kind: 'cohort' as const, id };
      const cohort = await found(deps, key);
      demandUploadable('cohort', cohort);
      const { contentId: madeOf } = cohort;
      const before = madeOf === null ? [] : await contents.read(madeOf, 0);
      if (before === null) throw changedMeanwhile(key);
      return upload(deps, key, {
        by,
        madeOf,
        read: (writer) => readMembers(csv, writer, before),
      });
    },
    members: async function* (project, id, signal) {
      const key = { projectId: project.id, kind: 'cohort', id } as const;
      const cohort = savedOf('cohort', await found(deps, key));
      if (cohort.archived) throw gone(key);
      yield* cohortMembers(deps.queries, { project, id, signal });
    },
    lexicon: (project, entity) => lexicon.list(project.id, entity),
    setLexicon: async (project, entity, entry, by) => {
      await demandLexicon(lexicon, project, entity, entry);
      const { name, ...settings } = entry;
      await lexicon.set({ projectId: project.id, entity, name }, settings, nameOf(by));
      return entry;
    },
    forgetLexicon: async (project, entity, name, by) => {
      const key = { projectId: project.id, entity, name };
      const before = await lexicon.find(key);
      if ((before?.mergedInto ?? null) !== null) demandRole(project, 'owner', 'a merge is undone');
      await lexicon.forget(key, nameOf(by));
    },
    sessions: (project) => lexicon.sessions(project.id),
    setSessions: async (project, settings, by) => {
      const custom = settings.excluded.find((name) => name.startsWith('$custom_event:'));
      if (custom !== undefined) {
        throw new ApiError(
          'INVALID_REQUEST',
          `excluded: "${custom}" is a custom event, name its events`,
        );
      }
      await lexicon.setSessions(project.id, settings, nameOf(by));
      return settings;
    },
  };
}

/** Writes the rows of a file as a content of its own, which takes the place of the one before. */
async function upload(
  { store, contents, clock }: DefinitionsDeps,
  key: DefinitionKey,
  {
    by,
    madeOf,
    whole = false,
    read,
  }: {
    readonly by: Principal;
    /** As `Definitions.upload` takes it: rows that nothing names go with the next clean-up. */
    readonly whole?: boolean;
    /** As `DefinitionStore.use` takes it. */
    readonly madeOf?: string | null;
    readonly read: (writer: ContentWriter) => Promise<Omit<UploadReport, 'uploadedAt'>>;
  },
): Promise<UploadReport> {
  await contents.clean();
  const writer = await contents.write(key.projectId);
  const report = await read(writer);
  const uploadedAt = new Date(clock()).toISOString();
  const { rows, columns, refused } = report;
  if (whole && refused > 0) return { ...report, uploadedAt };
  const uploaded = { rows, columns, uploadedAt };
  const content = { id: writer.contentId, uploaded, ...(madeOf !== undefined && { madeOf }) };
  await store.use(key, content, nameOf(by));
  return { ...report, uploadedAt };
}

async function found(
  { store }: DefinitionsDeps,
  key: Parameters<DefinitionStore['find']>[0],
): Promise<DefinitionRow> {
  return (await store.find(key)) ?? missing(key);
}

function missing(key: Parameters<typeof gone>[0]): never {
  throw gone(key);
}

function savedOf<K extends DefinitionKind>(kind: K, row: DefinitionRow): SavedDefinition<K> {
  const { id, name, description, createdBy } = row;
  return {
    id,
    name,
    description,
    // The schema of the kind: TypeScript cannot follow the index.
    definition: definitionSchemas[kind].parse(row.definition) as SavedDefinition<K>['definition'],
    uploaded: row.uploaded === null ? null : uploadedSchema.parse(row.uploaded),
    createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    archived: row.archivedAt !== null,
  };
}

const words = (kind: DefinitionKind): string => kind.replaceAll('_', ' ');

function demandRole(project: AuthorizedProject, needed: Role, what: string): void {
  if (roleAllows(project.role, needed)) return;
  throw new ApiError(
    'FORBIDDEN',
    `${what} by the role "${needed}" in project ${project.id}; yours is "${project.role}"`,
  );
}

/** 14.4: borrowed properties are for admins. */
function demandBorrower(project: AuthorizedProject, definition: object | undefined): void {
  const property = (definition as { property?: { computed?: { type: string } } } | undefined)
    ?.property;
  if (property?.computed?.type === 'borrowed')
    demandRole(project, 'admin', 'a property is borrowed');
}

/** A list that was frozen is another thing than conditions (decision 9). */
function demandSameType(before: DefinitionRow, definition: object): void {
  const [from, to] = [before.definition, definition].map((one) => (one as { type: string }).type);
  if (from !== to) {
    throw new ApiError(
      'INVALID_REQUEST',
      `definition: a ${from} cohort does not become a ${to} one`,
    );
  }
}

function demandUploadable(kind: UploadedKind, row: DefinitionRow): void {
  const isLive = kind === 'cohort' && savedOf('cohort', row).definition.type === 'live';
  if (isLive || row.archivedAt !== null) {
    const why = isLive ? 'follows from its conditions' : 'is archived';
    throw new ApiError(
      'INVALID_REQUEST',
      `${words(kind)} "${row.id}" ${why}: nothing can be uploaded`,
    );
  }
}

/** 18: merging is for owners. */
async function demandLexicon(
  lexicon: LexiconStore,
  project: AuthorizedProject,
  entity: LexiconEntity,
  { name, mergedInto }: LexiconEntry,
): Promise<void> {
  const entries = await lexicon.list(project.id, entity);
  const before = entries.find((entry) => entry.name === name)?.mergedInto ?? null;
  if (mergedInto === before) return;
  demandRole(project, 'owner', 'names are merged');
  if (mergedInto === null) return;
  if (entity === 'person_property') {
    throw new ApiError('INVALID_REQUEST', 'mergedInto: properties of persons are not merged');
  }
  if (name.startsWith('$custom_') || mergedInto.startsWith('$custom_')) {
    throw new ApiError('INVALID_REQUEST', 'mergedInto: only what is in the data is merged');
  }
  const targets = new Map(
    entries.flatMap((entry) => (entry.mergedInto ? [[entry.name, entry.mergedInto]] : [])),
  );
  if (mergedInto === name || mergedTarget(mergedInto, targets) === name) {
    throw new ApiError(
      'INVALID_REQUEST',
      `mergedInto: "${mergedInto}" is merged into "${name}" already`,
    );
  }
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
