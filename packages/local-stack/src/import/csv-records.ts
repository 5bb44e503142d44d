import fs from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { CsvError, csvRows } from '@arbor/schema/csv-rows';
import { tableRow } from '@arbor/schema/table-rows';
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
      if (names === undefined) names = cells.map((name) => name.trim());
      else if (cells.length > names.length) {
        const reason = `has ${cells.length} cells, the first line names ${names.length} columns`;
        yield { kind: 'refused', line, reason };
      } else yield rowRecord(tableRow(names, cells), line, options);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportError(error.message, { cause: error });
    throw error;
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
