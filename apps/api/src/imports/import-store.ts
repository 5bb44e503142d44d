import type { Db, DbTransaction } from '@arbor/db';
import type { ImportState, NewImport, RefusalReason, SavedImport } from '@arbor/schema/imports';
import { importMappingSchema, importStateSchema, refusalReasonSchema } from '@arbor/schema/imports';
import { z } from 'zod';
import { recordIn } from '../audit/audit-log.ts';
import { ApiError } from '../errors.ts';
import { pageOf } from '../reports/saved-version.ts';
import type { ImportList, ImportPage } from './ports.ts';

/** Reasons that are kept of an import; more than these are others. */
const reasonsMax = 50;

/** Rows of an import that were answered, to be counted. */
export interface AnsweredRows {
  readonly from: number;
  readonly count: number;
  readonly accepted: number;
  readonly reasons: readonly RefusalReason[];
}

export interface ImportStore {
  list(projectId: number, page: ImportPage): Promise<ImportList>;
  get(projectId: number, id: number): Promise<SavedImport>;
  create(projectId: number, request: NewImport, actor: string): Promise<SavedImport>;
  /** Counts the rows, unless they were counted before. */
  advance(projectId: number, id: number, rows: AnsweredRows): Promise<SavedImport>;
  setState(
    projectId: number,
    id: number,
    change: { readonly state: ImportState; readonly actor: string },
  ): Promise<SavedImport>;
}

export function createImportStore(db: Db): ImportStore {
  return {
    list: async (projectId, { limit, cursor }) => {
      const rows = await db.import.findMany({
        where: { projectId, ...(cursor !== undefined && { id: { lt: cursor } }) },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      const page = pageOf(rows, limit);
      return { imports: page.rows.map(importOf), next: page.next };
    },
    get: (projectId, id) => found(db, projectId, id),
    create: (projectId, { fileBytes, ...request }, actor) =>
      db.$transaction(async (tx) => {
        const data = { projectId, ...request, fileBytes: BigInt(fileBytes), createdBy: actor };
        const after = importOf(await tx.import.create({ data }));
        const { fileName, mapping } = after;
        await recordIn(tx, {
          ...entryOf(projectId, after.id, actor),
          action: 'import.create',
          details: { fileName, fileBytes, mapping },
        });
        return after;
      }),
    advance: (projectId, id, { from, count, accepted, reasons }) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        await tx.import.updateMany({
          // Of two that bring the same rows, the database lets one count them.
          where: { projectId, id, nextRow: from },
          data: {
            nextRow: from + count,
            accepted: { increment: accepted },
            refused: { increment: count - accepted },
            reasons: mergeReasons(before.reasons, reasons),
          },
        });
        return found(tx, projectId, id);
      }),
    setState: (projectId, id, { state, actor }) =>
      db.$transaction(async (tx) => {
        const before = await found(tx, projectId, id);
        if (before.state === state) return before;
        await tx.import.updateMany({ where: { projectId, id }, data: { state } });
        const { nextRow, accepted, refused } = before;
        await recordIn(tx, {
          ...entryOf(projectId, id, actor),
          action: `import.${state}`,
          details: { nextRow, accepted, refused },
        });
        return found(tx, projectId, id);
      }),
  };
}

/** Most frequent first. */
export function mergeReasons(
  before: readonly RefusalReason[],
  more: readonly RefusalReason[],
): RefusalReason[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of [...before, ...more]) {
    const isNew = !counts.has(reason) && counts.size >= reasonsMax;
    const key = isNew ? 'other reasons' : reason;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return Array.from(counts, ([reason, count]) => ({ reason, count })).sort(
    (a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1),
  );
}

function entryOf(projectId: number, id: number, actor: string) {
  return { projectId, actor, target: String(id) };
}

async function found(db: Db | DbTransaction, projectId: number, id: number): Promise<SavedImport> {
  const row = await db.import.findFirst({ where: { id, projectId } });
  if (row === null) throw new ApiError('NOT_FOUND', `import ${id} does not exist`);
  return importOf(row);
}

type Row = NonNullable<Awaited<ReturnType<Db['import']['findFirst']>>>;

function importOf(row: Row): SavedImport {
  const { id, fileName, fingerprint, nextRow, accepted, refused, createdBy } = row;
  return {
    id,
    fileName,
    fileBytes: Number(row.fileBytes),
    fingerprint,
    mapping: importMappingSchema.parse(row.mapping),
    state: importStateSchema.parse(row.state),
    nextRow,
    accepted,
    refused,
    reasons: z.array(refusalReasonSchema).parse(row.reasons),
    createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
