import { CsvError, csvRows } from '@arbor/schema/csv-rows';
import { importRowCharactersMax } from '@arbor/schema/imports';
import { type CellTexts, tableRow, type TableRow } from '@arbor/schema/table-rows';

export type FileFormat = 'csv' | 'ndjson' | 'json' | 'parquet';

/** One row of a file, before anybody said what its columns are. */
export type SourceRow = {
  /** Where it begins in the file, from 1; of a JSON list its place in the list. */
  readonly line: number;
  /** As it stands in the file; of a table the cells as JSON. */
  readonly text: string;
  /** Null = it is no row: the text is no JSON object. */
  readonly row: TableRow | null;
  /** False = it is of a table, whose columns have to be made an event of. */
  readonly isLine: boolean;
  /** Of a table. */
  readonly texts?: CellTexts;
};

/** A file that cannot be read as one of events: why, in words. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** A list in one piece has to be in memory as a whole. */
const jsonBytesMax = 64 * 1024 * 1024;
const sniffedBytes = 4096;

type Source = {
  readonly format: FileFormat;
  readonly gzip: boolean;
};

export type ReadFileOptions = {
  /** How much of the file was read, in bytes as it lies there. */
  readonly onBytes?: (bytes: number) => void;
};

/** The rows of a file of events, in a stream: memory does not grow with the file. Throws `FileError`. */
export async function* readRows(
  file: Blob & { readonly name: string },
  options: ReadFileOptions = {},
): AsyncGenerator<SourceRow> {
  const source = await sniff(file);
  try {
    if (source.format === 'parquet') {
      // Most people never need its reader.
      const { parquetRows } = await import('./parquet-rows.ts');
      return yield* parquetRows(file, options);
    }
    const bytes = bytesOf(file, source, options);
    if (source.format === 'csv') yield* tableRows(bytes);
    else if (source.format === 'ndjson') yield* lineRows(bytes);
    else yield* listRows(bytes);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError(error instanceof CsvError ? text : `The file cannot be read: ${text}`);
  }
}

/** The beginning of the file tells what it is; the name only where it does not. */
async function sniff(file: Blob & { readonly name: string }): Promise<Source> {
  const head = new Uint8Array(await file.slice(0, sniffedBytes).arrayBuffer());
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (head[0] === 0x50 && head[1] === 0x4b) {
    throw new FileError('The file is a zip archive. Unpack it first.');
  }
  if (new TextDecoder().decode(head.subarray(0, 4)) === 'PAR1') {
    return { format: 'parquet', gzip: false };
  }
  const text = await startOf(file, gzip);
  const first = text.trimStart()[0];
  if (first === '[') return { format: 'json', gzip };
  return { format: first === '{' ? 'ndjson' : 'csv', gzip };
}

async function startOf(file: Blob, gzip: boolean): Promise<string> {
  const reader = streamOf(file, { gzip }).getReader();
  try {
    const { value } = await reader.read();
    return new TextDecoder().decode(value?.subarray(0, sniffedBytes));
  } finally {
    await reader.cancel();
  }
}

function streamOf(
  file: Blob,
  {
    gzip,
    onBytes,
  }: { readonly gzip: boolean; readonly onBytes?: ((bytes: number) => void) | undefined },
): ReadableStream<Uint8Array> {
  let read = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        read += chunk.length;
        onBytes?.(read);
        controller.enqueue(chunk);
      },
    }),
  );
  return gzip ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
}

async function* bytesOf(
  file: Blob,
  { gzip }: Source,
  { onBytes }: ReadFileOptions,
): AsyncGenerator<Uint8Array> {
  const reader = streamOf(file, { gzip, onBytes }).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function* tableRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow> {
  let names: readonly string[] | null = null;
  for await (const { line, cells } of csvRows(bytes)) {
    if (names === null) {
      names = cells.map((name) => name.trim());
      continue;
    }
    const { row, texts } = tableRow(names, cells);
    const fits = cells.length <= names.length;
    yield { line, text: JSON.stringify(row), row: fits ? row : null, isLine: false, texts };
  }
}

async function* lineRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 1;
  for await (const chunk of bytes) {
    const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > 4 * importRowCharactersMax) {
      throw new FileError(`Line ${line + texts.length} is longer than any event.`);
    }
    for (const text of texts) yield* lineRow(text, line++);
  }
  yield* lineRow(rest + decoder.decode(), line);
}

function* lineRow(given: string, line: number): Generator<SourceRow> {
  const text = given.endsWith('\r') ? given.slice(0, -1) : given;
  if (text.trim() !== '') yield { line, text, row: objectOf(text), isLine: true };
}

async function* listRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > jsonBytesMax) {
      throw new FileError(
        'A JSON list of more than 64 MB is not read: write a line for each event.',
      );
    }
  }
  const list = JSON.parse(text + decoder.decode()) as unknown;
  if (!Array.isArray(list)) throw new FileError('The file is no list of events.');
  for (const [at, item] of (list as readonly unknown[]).entries()) {
    const own = JSON.stringify(item);
    yield { line: at + 1, text: own, row: objectOf(own), isLine: true };
  }
}

function objectOf(text: string): TableRow | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as TableRow) : null;
  } catch {
    return null;
  }
}
