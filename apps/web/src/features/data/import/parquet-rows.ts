import { parquetRow } from '@arbor/schema/parquet-value';
import { decompress } from 'fzstd';
import { type Compressors, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { decompressBrotli } from 'hyparquet-compressors/src/brotli.js';
import { gunzip } from 'hyparquet-compressors/src/gzip.js';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors/src/lz4.js';
import type { SourceRow } from './source-rows.ts';

/** Beside snappy, which the reader has itself. None needs WebAssembly: the content policy of the pages forbids it. */
const compressors: Compressors = {
  GZIP: (input, length) => gunzip(input, new Uint8Array(length)),
  BROTLI: decompressBrotli,
  ZSTD: (input) => decompress(input),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

/**
 * The rows of a Parquet file, a row group at a time: so much is in memory. Rows are counted from 1. Throws what the reader
 * throws about a file that is none, or is damaged.
 */
export async function* parquetRows(
  file: Blob,
  { onBytes }: { readonly onBytes?: ((bytes: number) => void) | undefined },
): AsyncGenerator<SourceRow> {
  const buffer = {
    byteLength: file.size,
    slice: (start: number, end?: number) => file.slice(start, end).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(buffer);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({
      file: buffer,
      metadata,
      rowStart,
      rowEnd,
      compressors,
    });
    for (const [i, values] of rows.entries()) {
      const row = parquetRow(values);
      yield { line: rowStart + i + 1, text: JSON.stringify(row), row, isLine: false };
    }
    rowStart = rowEnd;
    onBytes?.(Math.round((rowStart / Math.max(1, Number(metadata.num_rows))) * file.size));
  }
}
