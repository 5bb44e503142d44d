import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachLine, readLineBlocks } from './line-file.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-lines-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function linesOf(content: Buffer | string): Promise<string[]> {
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, content);
  const lines: string[] = [];
  let next = 1;
  for await (const block of readLineBlocks(file)) {
    next = eachLine(block, next, ({ source, start, end, line }) => {
      lines.push(`${line} ${Buffer.from(source.subarray(start, end)).toString()}`);
    });
  }
  return lines;
}

it('gives every line with its number, also the last without a newline and empty ones', async () => {
  expect(await linesOf('a\r\n\nb\nc')).toEqual(['1 a', '2 ', '3 b', '4 c']);
  expect(await linesOf('a\n')).toEqual(['1 a']);
  expect(await linesOf('')).toEqual([]);
  expect(await linesOf('a\rb\u2028c\nd')).toEqual(['1 a\rb\u2028c', '2 d']);
});

it('puts lines together that blocks cut, packed or not', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${'ü'.repeat(i)}`);
  const text = `${lines.join('\n')}\n`;
  const expected = lines.map((line, i) => `${i + 1} ${line}`);
  expect(await linesOf(text)).toEqual(expected);
  expect(await linesOf(zlib.gzipSync(text))).toEqual(expected);
});

it('does not take a file that was cut short for a whole one', async () => {
  const packed = zlib.gzipSync('a line\n'.repeat(10_000));
  await expect(linesOf(packed.subarray(0, packed.length - 20))).rejects.toThrow(
    'unexpected end of file',
  );
});
