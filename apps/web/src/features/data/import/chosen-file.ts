import type { ColumnMapping, ImportMapping } from '@arbor/schema/imports';
import { guessMapping, isEventRow, mappingProblem } from './mapping.ts';
import { FileError, readRows, type SourceRow } from './source-rows.ts';

/** Looked at before anything is sent. */
export const previewRowsMax = 100;

/** A file that somebody chose, and what its beginning looks like. */
export type ChosenFile = {
  readonly file: File;
  readonly rows: readonly SourceRow[];
  /** In the order in which they come up. */
  readonly columns: readonly string[];
  /** Its rows are events as they stand. */
  readonly holdsEvents: boolean;
};

/** Reads the beginning. Throws `FileError` for what is no file of events. */
export async function chooseFile(file: File): Promise<ChosenFile> {
  const rows: SourceRow[] = [];
  for await (const row of readRows(file)) {
    rows.push(row);
    if (rows.length === previewRowsMax) break;
  }
  const tables = rows.flatMap(({ row }) => (row === null ? [] : [row]));
  if (tables.length === 0) throw new FileError('The file has no rows that can be read.');
  const events = rows.filter(({ row, isLine }) => isEventRow(row, { isLine }));
  const holdsEvents = events.length * 2 > tables.length;
  return {
    file,
    rows,
    columns: [...new Set(tables.flatMap((row) => Object.keys(row)))],
    holdsEvents,
  };
}

/** What the file probably is. */
export function firstMapping({ columns, holdsEvents }: ChosenFile): ImportMapping {
  return holdsEvents ? { type: 'events' } : { type: 'columns', columns: guessMapping(columns) };
}

export function problemOfMapping(mapping: ImportMapping): string | null {
  return mapping.type === 'events' ? null : mappingProblem(mapping.columns);
}

/** The columns that become properties. */
export function propertyColumns(
  columns: readonly string[],
  { event, time, user, insertId }: ColumnMapping,
): readonly string[] {
  const own = new Set([time, user, insertId, event.type === 'column' ? event.column : null]);
  return columns.filter((column) => !own.has(column));
}
