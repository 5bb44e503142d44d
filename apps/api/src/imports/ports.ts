import type {
  CheckedRow,
  ImportedRows,
  ImportRow,
  ImportRows,
  ImportState,
  NewImport,
  SavedImport,
} from '@arbor/schema/imports';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

export interface ImportPage {
  readonly limit: number;
  /** Id of the last import of the page before. */
  readonly cursor?: number | undefined;
}

export interface ImportList {
  /** Newest first. */
  readonly imports: readonly SavedImport[];
  /** Null = this was the last page. */
  readonly next: number | null;
}

/**
 * Files of events that somebody brings in, some rows at a time. A row without `$insert_id` gets one of its line and its
 * text, so rows that are sent again are stored once. Beginning and end are in the audit log. Throws ApiError: NOT_FOUND,
 * CONFLICT for rows that are not the next ones, OVERLOADED, UNAVAILABLE.
 */
export interface Imports {
  list(projectId: number, page: ImportPage): Promise<ImportList>;
  get(projectId: number, id: number): Promise<SavedImport>;
  create(project: AuthorizedProject, request: NewImport, by: Principal): Promise<SavedImport>;
  /** What would become of the rows: nothing is stored. */
  check(project: AuthorizedProject, rows: readonly ImportRow[]): Promise<CheckedRow[]>;
  /** Resolves once the good ones are durable. */
  add(project: AuthorizedProject, id: number, rows: ImportRows): Promise<ImportedRows>;
  /** Ends it, or opens it again. */
  setState(
    project: AuthorizedProject,
    id: number,
    { state, by }: { readonly state: ImportState; readonly by: Principal },
  ): Promise<SavedImport>;
}
