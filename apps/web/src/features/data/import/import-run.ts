import type {
  ImportedRows,
  ImportMapping,
  ImportProblem,
  ImportRow,
  ImportRows,
} from '@arbor/schema/imports';
import { importRowCharactersMax, importRowsMax } from '@arbor/schema/imports';
import { eventOfRow, plainColumns } from '@arbor/schema/table-rows';
import type { SourceRow } from './source-rows.ts';

/** Of the rows of one request as they travel, JSON in JSON: the API takes a megabyte. */
const requestBytesMax = 900_000;

export type RowContext = { readonly mapping: ImportMapping; readonly timezone: string };

/** The row as the server takes it; one that is too long stays long, and is refused here. */
export function importRow(source: SourceRow, { mapping, timezone }: RowContext): ImportRow {
  const { line, text, row, texts } = source;
  // Of a table the columns say what an event is, whatever they are called.
  const columns = mapping.type === 'columns' ? mapping.columns : null;
  if (row === null || (columns === null && source.isLine)) return { line, json: text };
  const event = eventOfRow(row, { mapping: columns ?? plainColumns, timezone, texts });
  return { line, json: JSON.stringify(event) };
}

/** The API takes a megabyte, and this is to be looked at. */
const previewCharactersMax = 300_000;

/** The first rows of the given ones, as many as go into one request. */
export function previewRows(rows: readonly SourceRow[], context: RowContext): ImportRow[] {
  const shown: ImportRow[] = [];
  let characters = 0;
  for (const source of rows) {
    const row = importRow(source, context);
    characters += row.json.length;
    if (characters > previewCharactersMax) break;
    shown.push(row);
  }
  return shown;
}

export type ImportProgress = {
  /** Rows of the file that were answered, those of an earlier run included. */
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
};

/** A refused row with what it said, for the person who brings it. */
export type RefusedRow = ImportProblem & { readonly json: string };

export type ImportRunOptions = {
  readonly context: RowContext;
  /** How many rows were answered in an earlier run. */
  readonly skip: number;
  /** Rejects when it cannot be done now; it was tried again before. */
  readonly send: (rows: ImportRows) => Promise<ImportedRows>;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly onRefused: (rows: readonly RefusedRow[]) => void;
  readonly signal: AbortSignal;
};

/**
 * Sends the rows of a file, one request after the other, so that the server always knows which row is next. Stops between
 * two requests when it is aborted. What it began again after a stop counts nothing twice.
 */
export async function runImport(
  rows: AsyncIterable<SourceRow>,
  { context, skip, send, onProgress, onRefused, signal }: ImportRunOptions,
): Promise<void> {
  let from = skip;
  let left = skip;
  const batch = new Batch();
  const flush = async (): Promise<void> => {
    const own = batch.take();
    if (own.length === 0) return;
    const { refused, import: saved } = await send({ from, rows: own });
    from += own.length;
    onRefused(refusedRows(own, refused));
    onProgress({ rows: saved.nextRow, accepted: saved.accepted, refused: saved.refused });
  };
  for await (const source of rows) {
    signal.throwIfAborted();
    if (left > 0) {
      left--;
      continue;
    }
    const row = bounded(importRow(source, context));
    if (!batch.hasRoomFor(row)) await flush();
    batch.add(row);
  }
  await flush();
}

const encoder = new TextEncoder();
const sentBytes = ({ json }: ImportRow): number => encoder.encode(JSON.stringify(json)).length;

/** A row that no request has room for is sent as one that the server refuses, so that all rows are counted alike. */
function bounded(row: ImportRow): ImportRow {
  if (row.json.length <= importRowCharactersMax && sentBytes(row) <= requestBytesMax) return row;
  return { line: row.line, json: `"a row of ${row.json.length} characters"` };
}

function refusedRows(rows: readonly ImportRow[], problems: readonly ImportProblem[]): RefusedRow[] {
  const texts = new Map(rows.map(({ line, json }) => [line, json]));
  return problems.map((problem) => ({ ...problem, json: texts.get(problem.line) ?? '' }));
}

class Batch {
  #rows: ImportRow[] = [];
  #bytes = 0;

  hasRoomFor(row: ImportRow): boolean {
    if (this.#rows.length === 0) return true;
    return this.#rows.length < importRowsMax && this.#bytes + sentBytes(row) <= requestBytesMax;
  }

  add(row: ImportRow): void {
    this.#rows.push(row);
    this.#bytes += sentBytes(row);
  }

  take(): ImportRow[] {
    const rows = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    return rows;
  }
}
