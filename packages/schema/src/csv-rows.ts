/** One row of a CSV file. */
export interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file that is no CSV: what is wrong with it, in words. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

/** No cell of a table that people make is longer; a quote that is never closed ends here. */
const cellCharactersMax = 100_000;
/** Nor is a row: cells of a line that does not end would fill the memory, empty ones too. */
const rowCharactersMax = 10_000_000;

/**
 * The rows of a CSV file (RFC 4180) as it comes in: cells between commas, quoted ones with doubled quotes and line
 * ends inside, lines that end with LF or CRLF. Empty lines are no rows. A mark at the start of UTF-8 is left out.
 */
export async function* csvRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = new RowReader();
  for await (const chunk of chunks) {
    yield* reader.read(decode(decoder, chunk));
  }
  yield* reader.read(decode(decoder));
  yield* reader.end();
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new CsvError('the file is not text in UTF-8', { cause });
  }
}

type State = 'start' | 'plain' | 'quoted' | 'quote in quoted';

const quote = 34;
const comma = 44;
const lineFeed = 10;
const carriageReturn = 13;

/** Where the reader is between two pieces of the text. */
class RowReader {
  #state: State = 'start';
  #cell = '';
  #cells: string[] = [];
  /** Of the cells, with the commas between them. */
  #rowCharacters = 0;
  #line = 1;
  #rowLine = 1;

  *read(text: string): Generator<CsvRow> {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text.charCodeAt(i);
      if (this.#state === 'quoted') {
        if (character === lineFeed) this.#line++;
        if (character !== quote) continue;
        this.#take(text, from, i);
        this.#state = 'quote in quoted';
        continue;
      }
      switch (character) {
        case quote:
          if (this.#state === 'plain') continue;
          // The second of two quotes stands for itself.
          from = this.#state === 'quote in quoted' ? i : i + 1;
          this.#state = 'quoted';
          continue;
        case comma:
          this.#endCell(text, from, i);
          from = i + 1;
          continue;
        case lineFeed: {
          this.#endCell(text, from, i);
          from = i + 1;
          this.#line++;
          const row = this.#endRow();
          if (row) yield row;
          continue;
        }
        default:
          if (this.#state === 'start') {
            this.#state = 'plain';
            from = i;
          } else if (this.#state === 'quote in quoted' && character !== carriageReturn) {
            throw new CsvError(`line ${this.#line}: a quoted cell goes on after its quote`);
          }
      }
    }
    if (this.#state === 'plain' || this.#state === 'quoted') this.#take(text, from, text.length);
  }

  *end(): Generator<CsvRow> {
    if (this.#state === 'quoted') {
      throw new CsvError(`line ${this.#rowLine}: a quoted cell never ends`);
    }
    if (this.#state !== 'start' || this.#cells.length > 0) this.#endCell('', 0, 0);
    const row = this.#endRow();
    if (row) yield row;
  }

  #take(text: string, from: number, end: number): void {
    this.#cell += text.slice(from, end);
    if (this.#cell.length > cellCharactersMax) {
      throw new CsvError(
        `line ${this.#rowLine}: a cell is longer than ${cellCharactersMax} characters`,
      );
    }
  }

  #endCell(text: string, from: number, end: number): void {
    if (this.#state === 'plain') this.#take(text, from, end);
    const isPlain = this.#state === 'plain';
    this.#cells.push(isPlain && this.#cell.endsWith('\r') ? this.#cell.slice(0, -1) : this.#cell);
    this.#rowCharacters += this.#cell.length + 1;
    if (this.#rowCharacters > rowCharactersMax) {
      throw new CsvError(
        `line ${this.#rowLine}: a row is longer than ${rowCharactersMax} characters`,
      );
    }
    this.#cell = '';
    this.#state = 'start';
  }

  #endRow(): CsvRow | undefined {
    const cells = this.#cells;
    const line = this.#rowLine;
    this.#cells = [];
    this.#rowCharacters = 0;
    this.#rowLine = this.#line;
    const isEmpty = cells.length === 0 || (cells.length === 1 && cells[0] === '');
    return isEmpty ? undefined : { line, cells };
  }
}

/** One line of a CSV file, with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
