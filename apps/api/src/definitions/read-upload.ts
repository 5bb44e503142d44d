import type { ColumnType, UploadReport } from '@arbor/schema/definitions';
import { limits } from '@arbor/schema/limits';
import { ApiError } from '../errors.ts';
import type { ContentWriter } from './content-store.ts';
import type { CsvRow } from '@arbor/schema/csv-rows';
import { CsvError, csvRows } from '@arbor/schema/csv-rows';

/** 14.7. */
const bytesMax = 100 * 1024 * 1024;
/** Their keys are in memory while they are uploaded and while they are asked for: 100 MB. */
const rowsMax = 1_000_000;
const columnsMax = 100;
const problemsMax = 100;

type ReadRows = Omit<UploadReport, 'uploadedAt'>;

/** The ids of `before`, and those in the column `distinct_id` of a file, each once. */
export function readMembers(
  csv: AsyncIterable<Uint8Array>,
  writer: ContentWriter,
  before: readonly string[] = [],
): Promise<ReadRows> {
  return read(csv, { writer, before }, (header) => {
    const column = header.findIndex((name) => /^\$?distinct_id$/.test(name));
    if (column === -1) {
      throw invalid(`the first line names no column distinct_id, but ${JSON.stringify(header)}`);
    }
    return { name: 'id', columns: [column], names: ['distinct_id'] };
  });
}

/** A table whose first column holds the keys. */
export function readTable(
  csv: AsyncIterable<Uint8Array>,
  writer: ContentWriter,
): Promise<ReadRows> {
  return read(csv, { writer, before: [] }, (header) => {
    if (header.length < 2 || header.length > columnsMax) {
      throw invalid(
        `the first line names ${header.length} columns: there must be one of keys and from 1 to ` +
          `${columnsMax - 1} of values`,
      );
    }
    const twice = header.find((name, i) => name === '' || header.indexOf(name) !== i);
    if (twice !== undefined) {
      throw invalid(
        `the first line must name each column once, and not as ${JSON.stringify(twice)}`,
      );
    }
    return { name: 'key', columns: header.map((_, i) => i), names: header };
  });
}

/** Which cells of a row are kept, the one that must be unique first. */
interface Layout {
  /** What the unique one is called. */
  readonly name: string;
  readonly columns: readonly number[];
  readonly names: readonly string[];
}

/** `before`: keys of rows that are there already, of a layout of one column. */
async function read(
  csv: AsyncIterable<Uint8Array>,
  { writer, before }: { readonly writer: ContentWriter; readonly before: readonly string[] },
  layoutOf: (header: readonly string[]) => Layout,
): Promise<ReadRows> {
  const rows = new UploadedRows(before);
  let table: {
    readonly layout: Layout;
    readonly types: ColumnTypes;
    readonly width: number;
  } | null = null;
  try {
    for await (const row of csvRows(bounded(csv))) {
      if (table === null) {
        const header = row.cells.map((name) => name.trim());
        const layout = layoutOf(header);
        table = { layout, types: new ColumnTypes(layout.columns.length), width: header.length };
        for (const key of before) await writer.add([key]);
        continue;
      }
      const { layout, types, width } = table;
      if (!rows.accept(row, layout, width)) continue;
      const cells = layout.columns.map((column) => row.cells[column] ?? '');
      types.see(cells);
      await writer.add(cells);
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw invalid(cause.message, cause);
    throw cause;
  }
  if (table === null) throw invalid('the file is empty: its first line must name the columns');
  await writer.finish();
  const { layout, types } = table;
  const columns = layout.names.map((name, i) => ({ name, type: types.of(i) }));
  return { rows: rows.count, columns, refused: rows.refused, problems: rows.problems };
}

async function* bounded(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of csv) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new ApiError('TOO_LARGE', `the file is larger than ${bytesMax / 1024 / 1024} MB`);
    }
    yield chunk;
  }
}

/** Which rows count, and why the others do not. */
class UploadedRows {
  readonly #keys: Set<string>;
  readonly problems: UploadReport['problems'] = [];
  refused = 0;

  constructor(before: readonly string[]) {
    this.#keys = new Set(before);
  }

  get count(): number {
    return this.#keys.size;
  }

  accept({ line, cells }: CsvRow, { name, columns: [column = 0] }: Layout, width: number): boolean {
    const key = cells[column] ?? '';
    const reason = this.#refusal(key, name, cells.length, width);
    if (reason === undefined) {
      this.#keys.add(key);
      if (this.#keys.size > rowsMax) throw invalid(`the file has more than ${rowsMax} rows`);
      return true;
    }
    this.refused++;
    if (this.problems.length < problemsMax) this.problems.push({ line, reason });
    return false;
  }

  #refusal(key: string, name: string, cellCount: number, width: number): string | undefined {
    if (cellCount !== width) return `it has ${cellCount} cells, the first line has ${width}`;
    if (key === '') return `its ${name} is empty`;
    if (key.length > limits.stringCharactersMax) {
      return `its ${name} is longer than ${limits.stringCharactersMax} characters`;
    }
    if (key.includes('\0')) return `its ${name} holds a zero byte`;
    return this.#keys.has(key) ? `its ${name} ${JSON.stringify(key)} was there before` : undefined;
  }
}

/** A column is of numbers, or of booleans, as long as every cell that is not empty is one. */
class ColumnTypes {
  readonly #types: (ColumnType | null)[];

  constructor(columns: number) {
    this.#types = Array.from({ length: columns }, () => null);
  }

  see(cells: readonly string[]): void {
    for (const [i, cell] of cells.entries()) {
      if (cell === '' || this.#types[i] === 'text') continue;
      const type = typeOf(cell);
      this.#types[i] = this.#types[i] === null || this.#types[i] === type ? type : 'text';
    }
  }

  of(column: number): ColumnType {
    return this.#types[column] ?? 'text';
  }
}

/** Texts such as "007" and "1e3" are not how a number is written: they stay what they are. */
function typeOf(cell: string): ColumnType {
  if (cell === 'true' || cell === 'false') return 'boolean';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(cell) ? 'number' : 'text';
}

function invalid(message: string, cause?: unknown): ApiError {
  return new ApiError('INVALID_REQUEST', message, { cause });
}
