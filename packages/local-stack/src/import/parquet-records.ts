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
      yield rowRecord(rowOf(row, options), rowStart + i + 1, options);
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

function rowOf(
  row: Readonly<Record<string, unknown>>,
  { columns: { timeColumn } }: RowOptions,
): Record<string, unknown> {
  const { [timeColumn]: time, ...others } = row;
  const plain = plainObject(others);
  const properties = plain.properties;
  // Warehouses keep what has no columns of its own as JSON text.
  if (typeof properties === 'string') plain.properties = parsed(properties);
  if (time instanceof Date) plain[timeColumn] = time.getTime();
  else if (time !== null && time !== undefined) plain[timeColumn] = plainValue(time);
  return plain;
}

function plainObject(object: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    const own = plainValue(value);
    if (own !== undefined) plain[name] = own;
  }
  return plain;
}

/** As JSON says it; undefined = no value. Dates as Mixpanel writes them, long numbers that JavaScript lacks as texts. */
export function plainValue(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString().slice(0, 19);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return value instanceof Uint8Array
      ? Buffer.from(value).toString('base64')
      : Array.from(value as unknown as ArrayLike<unknown>, plainValue);
  }
  if (Array.isArray(value)) return value.map((item) => plainValue(item) ?? null);
  return plainObject(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
