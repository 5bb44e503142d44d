import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CsvRow } from './csv-rows.ts';
import { csvLine, csvRows } from './csv-rows.ts';

/** The file comes in pieces of so many bytes. */
async function rowsOf(text: string | Uint8Array, pieceBytes = 1000): Promise<CsvRow[]> {
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
    }
  }
  const rows: CsvRow[] = [];
  for await (const row of csvRows(pieces())) rows.push(row);
  return rows;
}

test('reads cells, quotes, empty cells and both ends of lines', async () => {
  expect(await rowsOf('a,b\r\n"x, ""y""",\n\n,"1\n2"\r\nlast,"z"')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x, "y"', ''] },
    { line: 4, cells: ['', '1\n2'] },
    { line: 6, cells: ['last', 'z'] },
  ]);
});

test('leaves out the mark at the start of a file and keeps quotes inside a plain cell', async () => {
  expect(await rowsOf('\ufeffkey,5" pipe\n')).toEqual([{ line: 1, cells: ['key', '5" pipe'] }]);
});

test('knows a last cell that is empty', async () => {
  expect(await rowsOf('a,')).toEqual([{ line: 1, cells: ['a', ''] }]);
  expect(await rowsOf('')).toEqual([]);
});

test('refuses what is no CSV with the line', async () => {
  await expect(rowsOf('a\n"b')).rejects.toThrow('line 2: a quoted cell never ends');
  await expect(rowsOf('a\n"b"c\n')).rejects.toThrow(
    'line 2: a quoted cell goes on after its quote',
  );
  await expect(rowsOf(Uint8Array.of(0xff, 0x41))).rejects.toThrow('the file is not text in UTF-8');
  await expect(rowsOf(`a\n"${'x'.repeat(100_001)}`)).rejects.toThrow(
    'line 2: a cell is longer than 100000 characters',
  );
});

test('refuses a row that does not end, also of empty cells', async () => {
  await expect(rowsOf(`a\n${','.repeat(10_000_001)}`, 1_000_000)).rejects.toThrow(
    'line 2: a row is longer than 10000000 characters',
  );
});

test('reads what it wrote, in pieces of any size', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'ä', '"', ',', '\n', '\r', ' ', '€'),
    maxLength: 6,
  });
  // A lone empty cell would be an empty line, which is no row.
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      async (rows, size) => {
        const read = await rowsOf(rows.map(csvLine).join(''), size);
        expect(read.map(({ cells }) => cells)).toEqual(rows);
      },
    ),
    { numRuns: 200 },
  );
});
