import type { Board, BoardChange, BoardSummary, NewBoard } from '@arbor/schema/boards';
import type { SavedPage } from '@arbor/schema/saved-reports';

export interface BoardList {
  /** Newest first. */
  readonly boards: readonly BoardSummary[];
  /** Null = this was the last page. */
  readonly next: number | null;
}

/**
 * Pages of saved reports. Every change is in the audit log, with who made it. Throws ApiError NOT_FOUND for what the
 * project does not have, CONFLICT for a change of a version that is not the present one, INVALID_REQUEST for a new card
 * of a report that the project does not have.
 */
export interface Boards {
  /** With `report`, those on which it stands; with `pinned`, those that are or are not. */
  list(
    projectId: number,
    page: SavedPage & {
      readonly report?: number | undefined;
      readonly pinned?: boolean | undefined;
    },
  ): Promise<BoardList>;
  get(projectId: number, id: number): Promise<Board>;
  create(projectId: number, board: NewBoard, actor: string): Promise<Board>;
  change(projectId: number, id: number, change: BoardChange, actor: string): Promise<Board>;
}
