import type { Db, DbTransaction } from '@arbor/db';
import type { Board, BoardCard, BoardChange, BoardSummary, NewBoard } from '@arbor/schema/boards';
import { boardCardsSchema } from '@arbor/schema/boards';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import { conflict, pageOf, savedFieldsOf } from '../reports/saved-version.ts';
import type { Boards } from './ports.ts';

export function createBoards(db: Db, clock: () => number): Boards {
  return {
    list: async (projectId, { limit, cursor, archived, report, pinned }) => {
      const rows = await db.board.findMany({
        where: {
          projectId,
          archivedAt: archived ? { not: null } : null,
          ...(cursor !== undefined && { id: { lt: cursor } }),
          ...(pinned !== undefined && { pinned }),
          // Containment of JSON: a card among the others that names the report.
          ...(report !== undefined && { cards: { array_contains: [{ type: 'report', report }] } }),
        },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      const page = pageOf(rows, limit);
      return { boards: page.rows.map(summaryOf), next: page.next };
    },
    get: (projectId, id) => found(db, projectId, id),
    create: (projectId, board, actor) =>
      db.$transaction((tx) => createBoardIn(tx, projectId, board, actor)),
    change: (projectId, id, { version, ...change }, actor) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        await demandReports(tx, projectId, { cards: change.cards ?? [], kept: before.cards });
        const { count } = await tx.board.updateMany({
          // Of two who change one version, the database lets one through.
          where: { projectId, id, version },
          data: { ...dataOf(change, clock), version: { increment: 1 }, updatedBy: actor },
        });
        if (count === 0) throw conflict(`board ${id}`, version, await found(tx, projectId, id));
        const after = await found(tx, projectId, id);
        const details = { before: shownOf(before), after: shownOf(after) };
        const entry = { projectId, actor, target: String(id), action: 'board.change' };
        await recordIn(tx, { ...entry, details });
        return after;
      }),
  };
}

/** Makes a board within a transaction that does more. */
export async function createBoardIn(
  tx: DbTransaction,
  projectId: number,
  { title, description, cards }: NewBoard,
  actor: string,
): Promise<Board> {
  await demandReports(tx, projectId, { cards, kept: [] });
  const after = boardOf(
    await tx.board.create({
      data: { projectId, title, description, cards, createdBy: actor, updatedBy: actor },
    }),
  );
  const entry = { projectId, actor, target: String(after.id), action: 'board.create' };
  await recordIn(tx, { ...entry, details: { after: shownOf(after) } });
  return after;
}

function dataOf(change: Omit<BoardChange, 'version'>, clock: () => number) {
  const { title, description, cards, pinned, archived } = change;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(cards !== undefined && { cards }),
    ...(pinned !== undefined && { pinned }),
    ...(archived !== undefined && { archivedAt: archived ? new Date(clock()) : null }),
  };
}

/** Cards that come to a board are of reports that are there; one whose report went stays, and says so. */
async function demandReports(
  tx: DbTransaction,
  projectId: number,
  { cards, kept }: { readonly cards: readonly BoardCard[]; readonly kept: readonly BoardCard[] },
): Promise<void> {
  const before = new Set(reportsOf(kept));
  const added = reportsOf(cards).filter((report) => !before.has(report));
  if (added.length === 0) return;
  const known = await tx.savedReport.findMany({
    where: { projectId, id: { in: added }, archivedAt: null },
    select: { id: true },
  });
  const missing = added.find((report) => !known.some(({ id }) => id === report));
  if (missing === undefined) return;
  throw new ApiError('INVALID_REQUEST', `cards: there is no saved report ${missing}`);
}

function reportsOf(cards: readonly BoardCard[]): number[] {
  return cards.flatMap((card) => (card.type === 'report' ? [card.report] : []));
}

async function found(db: Db | DbTransaction, projectId: number, id: number): Promise<Board> {
  const row = await db.board.findFirst({ where: { projectId, id } });
  if (row !== null) return boardOf(row);
  throw new ApiError('NOT_FOUND', `there is no board ${id} in this project`);
}

type BoardRow = Parameters<typeof savedFieldsOf>[0] & {
  readonly title: string;
  readonly description: string;
  readonly cards: unknown;
  readonly pinned: boolean;
};

function boardOf(row: BoardRow): Board {
  const { title, description, pinned } = row;
  const cards = boardCardsSchema.parse(row.cards);
  return { ...savedFieldsOf(row), title, description, cardCount: cards.length, pinned, cards };
}

function summaryOf(row: BoardRow): BoardSummary {
  const { cards: _cards, ...summary } = boardOf(row);
  return summary;
}

/** What people can change of a board. */
function shownOf({ title, description, cards, pinned, archived }: Board) {
  return { title, description, cards, pinned, archived };
}
