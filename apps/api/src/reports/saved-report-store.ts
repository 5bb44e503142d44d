import type { Db, DbJson, DbTransaction } from '@arbor/db';
import { noJson } from '@arbor/db';
import type {
  NewSavedReport,
  SavedReport,
  SavedReportChange,
  SavedReportSummary,
} from '@arbor/schema/saved-reports';
import {
  relativeRangeSchema,
  reportTypeSchema,
  reportViewSchema,
  savedQuerySchema,
} from '@arbor/schema/saved-reports';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import type { SavedReports } from './ports.ts';
import { checkRelativeRange } from './resolve-range.ts';
import { conflict, pageOf, savedFieldsOf } from './saved-version.ts';

const summaryFields = {
  id: true,
  name: true,
  description: true,
  type: true,
  version: true,
  createdBy: true,
  updatedBy: true,
  createdAt: true,
  updatedAt: true,
  archivedAt: true,
} as const;

export function createSavedReports(db: Db, clock: () => number): SavedReports {
  return {
    list: async (projectId, { limit, cursor, archived }) => {
      const found = await db.savedReport.findMany({
        where: {
          projectId,
          archivedAt: archived ? { not: null } : null,
          ...(cursor !== undefined && { id: { lt: cursor } }),
        },
        select: summaryFields,
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      const { rows, next } = pageOf(found, limit);
      return { reports: rows.map(summaryOf), next };
    },
    get: (projectId, id) => found(db, projectId, id),
    create: (projectId, report, actor) =>
      db.$transaction((tx) => createReportIn(tx, projectId, report, actor)),
    change: (projectId, id, { version, ...change }, actor) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        const { count } = await tx.savedReport.updateMany({
          // Of two who change one version, the database lets one through.
          where: { projectId, id, version },
          data: { ...dataOf(change, clock), version: { increment: 1 }, updatedBy: actor },
        });
        if (count === 0) throw conflict(`report ${id}`, version, await found(tx, projectId, id));
        const after = await found(tx, projectId, id);
        if (change.query !== undefined || change.range !== undefined) checkRelativeRange(after);
        const details = { before: shownOf(before), after: shownOf(after) };
        const entry = { projectId, actor, target: String(id), action: 'report.change' };
        await recordIn(tx, { ...entry, details });
        return after;
      }),
  };
}

/** Makes a report within a transaction that does more. */
export async function createReportIn(
  tx: DbTransaction,
  projectId: number,
  { name, description, query, range, view }: NewSavedReport,
  actor: string,
): Promise<SavedReport> {
  checkRelativeRange({ query, range });
  const made = await tx.savedReport.create({
    data: {
      projectId,
      name,
      description,
      type: query.type,
      query: json(query),
      range: range === null ? noJson : json(range),
      view: json(view),
      createdBy: actor,
      updatedBy: actor,
    },
  });
  const after = reportOf(made);
  const entry = { projectId, actor, target: String(made.id), action: 'report.create' };
  await recordIn(tx, { ...entry, details: { after: shownOf(after) } });
  return after;
}

function dataOf(change: Omit<SavedReportChange, 'version'>, clock: () => number) {
  const { name, description, query, range, view, archived } = change;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(query !== undefined && { query: json(query), type: query.type }),
    ...(range !== undefined && { range: range === null ? noJson : json(range) }),
    ...(view !== undefined && { view: json(view) }),
    ...(archived !== undefined && { archivedAt: archived ? new Date(clock()) : null }),
  };
}

async function found(db: Db | DbTransaction, projectId: number, id: number): Promise<SavedReport> {
  const row = await db.savedReport.findFirst({ where: { projectId, id } });
  if (row !== null) return reportOf(row);
  throw new ApiError('NOT_FOUND', `there is no saved report ${id} in this project`);
}

type SummaryRow = Parameters<typeof savedFieldsOf>[0] & {
  readonly name: string;
  readonly description: string;
  readonly type: string;
};

function summaryOf(row: SummaryRow): SavedReportSummary {
  const { name, description, type } = row;
  return { ...savedFieldsOf(row), name, description, type: reportTypeSchema.parse(type) };
}

function reportOf(
  row: SummaryRow & { readonly query: unknown; readonly range: unknown; readonly view: unknown },
): SavedReport {
  return {
    ...summaryOf(row),
    query: savedQuerySchema.parse(row.query),
    range: row.range === null ? null : relativeRangeSchema.parse(row.range),
    view: reportViewSchema.parse(row.view),
  };
}

/** What people can change of a report. */
function shownOf({ name, description, query, range, view, archived }: SavedReport) {
  return { name, description, query, range, view, archived };
}

/** It was checked by a schema of JSON. */
function json(value: object): DbJson {
  return value as DbJson;
}
