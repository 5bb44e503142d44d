import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { jsonArray, jsonLines } from './json-lines.ts';
import { zipFile } from './zip-file.ts';

async function* piecesOf(...pieces: string[]) {
  yield* pieces;
}

async function bytesOf(...entries: Parameters<typeof zipFile>[0]): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of zipFile(entries)) all.push(piece);
  return Buffer.concat(all);
}

/** The files that the central directory tells of. */
function read(bytes: Buffer): Record<string, string> {
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
  const files: Record<string, string> = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const [crc, packed, size] = [16, 20, 24].map((offset) => bytes.readUInt32LE(at + offset));
    const start = bytes.readUInt32LE(at + 42);
    const data = start + 30 + nameLength;
    const content = inflateRawSync(bytes.subarray(data, data + (packed ?? 0)));
    expect([content.length, crc32(content)]).toEqual([size, crc]);
    files[bytes.toString('utf8', at + 46, at + 46 + nameLength)] = content.toString();
    at += 46 + nameLength;
  }
  return files;
}

test('holds files of several pieces, of one and of none', async () => {
  const long = 'x'.repeat(100_000);
  const bytes = await bytesOf(
    { name: 'a.json', pieces: piecesOf('one ', long, ' grüße') },
    { name: 'empty', pieces: piecesOf() },
    { name: 'ü.txt', pieces: piecesOf('three') },
  );
  expect(bytes.length).toBeLessThan(2000);
  expect(read(bytes)).toEqual({ 'a.json': `one ${long} grüße`, empty: '', 'ü.txt': 'three' });
});

test('is read by another program', async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-zip-'));
  const file = path.join(folder, 'a.zip');
  fs.writeFileSync(file, await bytesOf({ name: 'a.json', pieces: piecesOf('[1,', '2]') }));
  try {
    const script = 'import sys,zipfile;print(zipfile.ZipFile(sys.argv[1]).read("a.json").decode())';
    expect(execFileSync('python3', ['-c', script, file]).toString().trim()).toBe('[1,2]');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    context.skip('there is no python3 here');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('writes JSON as lines and as one list', async () => {
  async function* values() {
    yield { a: 1 };
    yield { b: 'x'.repeat(70_000) };
    yield { c: null };
  }
  const all = async (pieces: AsyncIterable<string>) => {
    let text = '';
    for await (const piece of pieces) text += piece;
    return text;
  };
  const expected = [{ a: 1 }, { b: 'x'.repeat(70_000) }, { c: null }];
  const lines = (await all(jsonLines(values()))).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);
  expect(JSON.parse(await all(jsonArray(values())))).toEqual(expected);
  expect(JSON.parse(await all(jsonArray(piecesOf())))).toEqual([]);
});
