import { parquetRow } from '@arbor/schema/parquet-value';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ImportRecord } from './records.ts';
import { rowRecord, type RowOptions } from './row-record.ts';
import { ImportError } from './sender.ts';

/**
 * Reads a Parquet file, a row group at a time: so much is in memory. Rows are counted from 1. Throws `ImportError` for
 * what is no Parquet file, or is damaged.
 */
export async function* readParquetRecords(
  path: string,
  options: RowOptions & { readonly onBytes?: (bytes: number) => void },
): AsyncGenerator<ImportRecord> {
  const file = await asyncBufferFromFile(path);
  const metadata = await reading(parquetMetadataAsync(file));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await reading(
      parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors }),
    );
    for (const [i, row] of rows.entries())
      yield rowRecord({ row: parquetRow(row) }, rowStart + i + 1, options);
    rowStart = rowEnd;
    const share = rowStart / Math.max(1, Number(metadata.num_rows));
    options.onBytes?.(Math.round(share * file.byteLength));
  }
}

/** What the reader throws about a file is about the file. */
async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError(`cannot be read as Parquet: ${text}`, { cause });
  }
}
