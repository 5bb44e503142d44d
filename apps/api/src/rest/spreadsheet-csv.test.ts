import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, csvRows } from '@arbor/schema/csv-rows';
import { fromSpreadsheet, toSpreadsheet } from './spreadsheet-csv.ts';

async function written(...lines: readonly string[]): Promise<string> {
  let text = '';
  for await (const line of toSpreadsheet(Readable.from(lines))) text += line;
  return text;
}

async function read(text: string): Promise<string> {
  let plain = '';
  const file = Readable.from([Buffer.from(text)]);
  for await (const bytes of fromSpreadsheet(file)) plain += Buffer.from(bytes).toString();
  return plain;
}

test('a text that a spreadsheet would run begins with a quote, numbers and other texts do not', async () => {
  expect(await written('id,sum\r\n=1+1,-5\r\n', '+49,2.5\r\n@a,"=HYPERLINK(""x"")"\r\n')).toBe(
    'id,sum\r\n' + "'=1+1,-5\r\n'+49,2.5\r\n" + `'@a,"'=HYPERLINK(""x"")"\r\n`,
  );
});

test('what is a cell of its own where semicolons stand between them begins with a quote too', async () => {
  const cells = ['a;=1', 'b;-5;c', 'd\n@e;"=2', '-7'];
  expect(await written(csvLine(cells))).toBe(csvLine(["a;'=1", 'b;-5;c', `d\n'@e;'"=2`, '-7']));
});

test('cells may be longer than those of files that are read', async () => {
  const long = `=${'a"'.repeat(150_000)}`;
  expect(await written(csvLine(['x', long, '=1']))).toBe(csvLine(['x', `'${long}`, "'=1"]));
});

test('what is read again is what was there before, quotes of its own included', async () => {
  const cell = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.stringMatching(/^'{0,2}[=+\-@\t\r]['",;\n\r=]{0,6}$/),
    fc.double({ noNaN: true }).map(String),
  );
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const text = cells.map(csvLine).join('');
      expect(await read(await written(text))).toBe(text);
    }),
  );
});

test('rows stay on their lines, empty lines and those within cells counted', async () => {
  const text = 'a,b\r\n\r\n"x\ny",\'=1\r\n\n\nlast,2\r\n';
  const linesOf = async (file: string): Promise<number[]> => {
    const lines: number[] = [];
    for await (const { line } of csvRows(Readable.from([Buffer.from(file)]))) lines.push(line);
    return lines;
  };
  expect(await linesOf(await read(text))).toEqual(await linesOf(text));
});

test('many empty lines come in pieces, so that whoever bounds the file sees them', async () => {
  const pieces: number[] = [];
  const file = Readable.from([Buffer.from(`a\n${'\n'.repeat(25_000)}b\n`)]);
  for await (const bytes of fromSpreadsheet(file)) pieces.push(bytes.length);
  expect(pieces).toEqual([3, 20_000, 20_000, 10_000, 3]);
});
