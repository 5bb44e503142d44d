import fs from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { CsvError, csvRows } from '@arbor/schema/csv-rows';
import type { ImportRecord } from './records.ts';
import { rowRecord, type RowOptions } from './row-record.ts';
import { ImportError } from './sender.ts';

/**
 * Reads a CSV file (RFC 4180, packed with gzip where its name says so) in a stream. Its first row names the columns.
 * Cells are numbers and booleans where they are written as such, lists and objects where they are JSON, else texts;
 * an empty cell is no value. Throws `ImportError` for what is no CSV.
 */
export async function* readCsvRecords(
  file: string,
  options: RowOptions & { readonly onBytes?: (bytes: number) => void },
): AsyncGenerator<ImportRecord> {
  let names: readonly string[] | undefined;
  try {
    for await (const { line, cells } of csvRows(bytesOf(file, options.onBytes))) {
      if (names === undefined) names = cells;
      else if (cells.length > names.length) {
        const reason = `has ${cells.length} cells, the first line names ${names.length} columns`;
        yield { kind: 'refused', line, reason };
      } else yield rowRecord(rowOf(names, cells, options), line, options);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportError(error.message, { cause: error });
    throw error;
  }
}

function rowOf(
  names: readonly string[],
  cells: readonly string[],
  { columns: { eventColumn, idColumn } }: RowOptions,
): Record<string, unknown> {
  const texts = new Set([eventColumn, idColumn, '$distinct_id', '$insert_id']);
  const row: Record<string, unknown> = {};
  for (const [i, name] of names.entries()) {
    const cell = cells[i] ?? '';
    if (cell !== '' && name !== '') row[name] = texts.has(name) ? cell : cellValue(cell);
  }
  return row;
}

/** `007` and `1e3` are texts: whoever writes them does not mean 7 and 1000. `10.50` is how prices are written. */
export function cellValue(cell: string): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const short = cell.replace(/^(-?\d+)(?:\.0+|(\.\d*[1-9])0+)$/, '$1$2');
  const number = Number(short);
  if (String(number) === short && Number.isFinite(number)) return number;
  if (!/^[[{]/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}

function bytesOf(file: string, onBytes?: (bytes: number) => void): AsyncIterable<Uint8Array> {
  let read = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes?.((read += chunk.length));
      done(null, chunk);
    },
  });
  // The error reaches the reader through the last stream.
  const ignoreError = (): void => undefined;
  const source = fs.createReadStream(file);
  return file.endsWith('.gz')
    ? pipeline(source, count, zlib.createGunzip(), ignoreError)
    : pipeline(source, count, ignoreError);
}
