import type {
  NewSavedReport,
  SavedPage,
  SavedReport,
  SavedReportChange,
  SavedReportSummary,
} from '@arbor/schema/saved-reports';

export interface SavedReportList {
  /** Newest first. */
  readonly reports: readonly SavedReportSummary[];
  /** Null = this was the last page. */
  readonly next: number | null;
}

/**
 * Reports that people keep. Every change is in the audit log, with who made it. Throws ApiError NOT_FOUND for what the
 * project does not have, CONFLICT for a change of a version that is not the present one.
 */
export interface SavedReports {
  list(projectId: number, page: SavedPage): Promise<SavedReportList>;
  /** Also one in the bin: a link to it says so. */
  get(projectId: number, id: number): Promise<SavedReport>;
  create(projectId: number, report: NewSavedReport, actor: string): Promise<SavedReport>;
  change(
    projectId: number,
    id: number,
    change: SavedReportChange,
    actor: string,
  ): Promise<SavedReport>;
}
