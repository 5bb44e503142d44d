import fs from 'node:fs';
import { readCsvRecords } from './csv-records.ts';
import { readParquetRecords } from './parquet-records.ts';
import { type ImportRecord, newRun, readRecords } from './records.ts';
import { defaultColumns, type RowColumns } from './row-record.ts';

export const fileFormats = ['ndjson', 'csv', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

export type ReadOptions = {
  readonly token: string;
  readonly people?: boolean;
  readonly format?: FileFormat;
  readonly columns?: RowColumns;
  /** Records before are left out: they were imported. */
  readonly fromLine?: number;
  readonly onBytes?: (bytes: number) => void;
};

/** What a file is, by its first bytes and its name. */
export function formatOf(file: string): FileFormat {
  const handle = fs.openSync(file, 'r');
  try {
    const magic = Buffer.alloc(4);
    fs.readSync(handle, magic, 0, 4, 0);
    if (magic.toString('latin1') === 'PAR1') return 'parquet';
  } finally {
    fs.closeSync(handle);
  }
  return /\.(csv|csv\.gz)$/i.test(file) ? 'csv' : 'ndjson';
}

/** The records of a file, by number of their lines (rows of Parquet), from 1. */
export async function* readFileRecords(
  file: string,
  options: ReadOptions,
): AsyncGenerator<ImportRecord> {
  const { format = formatOf(file), columns = defaultColumns, fromLine = 1 } = options;
  const ofRows = { ...options, columns, run: newRun() };
  const records =
    format === 'ndjson'
      ? readRecords(file, options)
      : format === 'csv'
        ? readCsvRecords(file, ofRows)
        : readParquetRecords(file, ofRows);
  for await (const record of records) if (record.line >= fromLine) yield record;
}
