import type {
  DefinitionKind,
  DefinitionOf,
  LexiconEntity,
  LexiconEntry,
  SavedDefinition,
  SessionSettings,
  UploadReport,
} from '@arbor/schema/definitions';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

export interface NewDefinition<K extends DefinitionKind> {
  readonly name: string;
  readonly description: string;
  readonly definition: DefinitionOf<K>;
}
export interface DefinitionChange<K extends DefinitionKind> {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly definition?: DefinitionOf<K> | undefined;
  readonly archived?: boolean | undefined;
}
/** Kinds with rows of their own. */
export type UploadedKind = Extract<DefinitionKind, 'cohort' | 'lookup_table'>;

/**
 * What a project defines. The gate of the caller lets analysts change definitions and admins the lexicon and the
 * sessions; what needs more is refused here. Every change is in the audit log, with who made it, what was and what is. Throws ApiError: NOT_FOUND, FORBIDDEN, CONFLICT, INVALID_REQUEST, and
 * INVALID_QUERY for a definition that no query could use.
 */
export interface Definitions {
  list<K extends DefinitionKind>(
    project: AuthorizedProject,
    kind: K,
    options: { readonly archived: boolean },
  ): Promise<SavedDefinition<K>[]>;
  get<K extends DefinitionKind>(
    project: AuthorizedProject,
    kind: K,
    id: string,
  ): Promise<SavedDefinition<K>>;
  create<K extends DefinitionKind>(
    project: AuthorizedProject,
    kind: K,
    request: NewDefinition<K>,
    by: Principal,
  ): Promise<SavedDefinition<K>>;
  change<K extends DefinitionKind>(
    project: AuthorizedProject,
    kind: K,
    id: string,
    change: DefinitionChange<K>,
    by: Principal,
  ): Promise<SavedDefinition<K>>;
  /**
   * The members of a frozen cohort or the rows of a lookup table, as CSV, in the place of those before. Rows that cannot be taken are
   * left out; with `whole` nothing is changed where there are some.
   */
  upload(
    project: AuthorizedProject,
    kind: UploadedKind,
    id: string,
    csv: AsyncIterable<Uint8Array>,
    by: Principal,
    options?: { readonly whole: boolean },
  ): Promise<UploadReport>;
  /** Members of a frozen cohort, as CSV, beside those before. */
  addMembers(
    project: AuthorizedProject,
    id: string,
    csv: AsyncIterable<Uint8Array>,
    by: Principal,
  ): Promise<UploadReport>;
  /** A CSV file: those who are in the cohort now. */
  members(project: AuthorizedProject, id: string, signal: AbortSignal): AsyncGenerator<string>;
  lexicon(project: AuthorizedProject, entity: LexiconEntity): Promise<LexiconEntry[]>;
  setLexicon(
    project: AuthorizedProject,
    entity: LexiconEntity,
    entry: LexiconEntry,
    by: Principal,
  ): Promise<LexiconEntry>;
  forgetLexicon(
    project: AuthorizedProject,
    entity: LexiconEntity,
    name: string,
    by: Principal,
  ): Promise<void>;
  sessions(project: AuthorizedProject): Promise<SessionSettings>;
  setSessions(
    project: AuthorizedProject,
    settings: SessionSettings,
    by: Principal,
  ): Promise<SessionSettings>;
}

export type SchemaEntity = 'event' | 'profile';
export interface SchemaKey {
  readonly entityType?: SchemaEntity | undefined;
  readonly name?: string | undefined;
}

/** Schemas as Mixpanel's scripts write them (`query-api.md` 17). Every change is in the audit log. */
export interface LexiconSchemas {
  list(
    projectId: number,
    key: SchemaKey,
  ): Promise<{ entityType: SchemaEntity; name: string; schemaJson: object }[]>;
  /** Properties take the place of those before, metadata is merged; `truncate`: nothing else is left. */
  write(
    projectId: number,
    entries: readonly {
      readonly entityType: SchemaEntity;
      readonly name: string;
      readonly schemaJson: Readonly<Record<string, unknown>>;
    }[],
    options: { readonly truncate: boolean; readonly actor: string },
  ): Promise<{ added: number; deleted: number }>;
  /** How many there were. */
  remove(projectId: number, key: SchemaKey, actor: string): Promise<number>;
}
