import { csvLine, csvRows } from '@arbor/schema/csv-rows';

/**
 * A cell that a spreadsheet would run as a formula (OWASP, CSV injection): whoever sends events chooses ids and values, and an
 * analyst opens the file. Quotes before it are those of a text that was made plain already, or of CSV. Numbers are what they are.
 */
const formula = /^'*"*[=+\-@\t\r]/;
const number = /^-?\d+(\.\d+)?[;\n\r]?$/;

/**
 * Where spreadsheets of half the world begin a cell, because a comma is in their numbers; for them quotes that do not begin a cell
 * are letters, so that a line ends within them too. Each part keeps what ends it.
 */
const partEnds = /(?<=[;\n\r])/;

/** The text with a quote before each part that would be run. */
const plain = (text: string): string =>
  text
    .split(partEnds)
    .map((part) => (formula.test(part) && !number.test(part) ? `'${part}` : part))
    .join('');

/** The text as it was before `plain`. */
const asWritten = (text: string): string =>
  text
    .split(partEnds)
    .map((part) => (part.startsWith("'") && formula.test(part) ? part.slice(1) : part))
    .join('');

/** A cell as `csvLine` writes it, and what ends it. */
const cellOfLine = /("[^"]*(?:""[^"]*)*"|[^",\r\n]*)(,|\r\n)/g;

/**
 * The file with a quote before each text that would be run. Only for people's eyes: programs want cells as they are. Takes pieces of
 * whole lines, as `csvLine` writes them, with cells of any length: a reader of files bounds them.
 */
export async function* toSpreadsheet(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) {
    yield piece.replaceAll(cellOfLine, (_, cell: string, end: string) => {
      const isQuoted = cell.startsWith('"');
      return isQuoted ? `"${plain(cell.slice(1))}${end}` : `${plain(cell)}${end}`;
    });
  }
}

/** So many may lie between two rows that no text holds them. */
const emptyLinesMax = 10_000;

/** Such a file as it was before. Rows stay on their lines, which reports of what was refused name. */
export async function* fromSpreadsheet(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let line = 1;
  for await (const row of csvRows(csv)) {
    const cells = row.cells.map(asWritten);
    for (let count = row.line - line; count > 0; count -= emptyLinesMax) {
      yield Buffer.from('\r\n'.repeat(Math.min(count, emptyLinesMax)));
    }
    line = row.line + 1 + cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    yield Buffer.from(csvLine(cells));
  }
}
