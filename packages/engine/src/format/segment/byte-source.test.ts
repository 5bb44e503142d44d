import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileSource } from './byte-source.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-byte-source-'));
  file = path.join(folder, 'bytes');
  fs.writeFileSync(
    file,
    Uint8Array.from({ length: 600_000 }, (_, i) => i % 251),
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

it('reads what lies in the file, and no more', () => {
  const source = fileSource(file);
  expect([...source.read(250, 3)]).toEqual([250, 0, 1]);
  expect(source.read(599_999, 3)).toHaveLength(1);
  source.close();
});

it('reads the same after it has read ahead, rested and been closed while bytes are on their way', () => {
  const source = fileSource(file);
  source.readAhead(0, source.size);
  source.readAhead(599_990, 1000);
  expect([...source.read(251, 2)]).toEqual([0, 1]);
  source.rest();
  // Nothing to read from: nothing happens.
  source.readAhead(0, 10);
  expect(() => source.read(0, 1)).toThrow('is closed');
  expect(source.wake()).toBe(true);
  expect([...source.read(252, 2)]).toEqual([1, 2]);
  source.readAhead(0, source.size);
  source.close();
  expect(() => source.read(0, 1)).toThrow('is closed');
});

it('closes a file that it began to read ahead when that is read', async () => {
  const own = '/proc/self/fd';
  const isOpen = (): boolean =>
    fs.existsSync(own) &&
    fs.readdirSync(own).some((fd) => {
      try {
        return fs.readlinkSync(path.join(own, fd)) === file;
      } catch {
        return false;
      }
    });
  const source = fileSource(file);
  source.readAhead(0, source.size);
  source.close();
  await expect.poll(isOpen, { timeout: 25_000 }).toBe(false);
});

it('knows another file of the same name by its length', () => {
  const other = path.join(folder, 'other');
  fs.writeFileSync(other, 'short');
  const source = fileSource(other);
  source.rest();
  fs.writeFileSync(other, 'longer');
  expect(source.wake()).toBe(false);
});
