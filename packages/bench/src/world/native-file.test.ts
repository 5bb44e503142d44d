import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { columnNames } from './day-columns.ts';
import { DayGenerator } from './day-generator.ts';
import { encodeBlock, readDay, writeDay } from './native-file.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bench-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

it('reads the day that was written', () => {
  const day = new DayGenerator(10_000, 1).day(3);
  const file = path.join(folder, '003.native');
  writeDay(file, day);
  expect(readDay(file)).toEqual(day);
  expect(fs.readdirSync(folder)).toEqual(['003.native']);
});

it('writes the bytes of the Native format', () => {
  const bytes = encodeBlock(2, [{ name: 'a', type: 'UInt8', bytes: Uint8Array.of(7, 8) }]);
  expect([...bytes]).toEqual([1, 2, 1, 0x61, 5, ...Buffer.from('UInt8'), 7, 8]);
  expect([...encodeBlock(300, [])]).toEqual([0, 0xac, 0x02]);
});

it('refuses a file of other columns, and says what to do', () => {
  const file = path.join(folder, 'old.native');
  const bytes = new Uint8Array(4);
  fs.writeFileSync(file, encodeBlock(1, [{ name: 'time', type: 'UInt32', bytes }]));
  expect(() => readDay(file)).toThrow(
    `${file} has 1 columns, not ${columnNames.length}: generate it again`,
  );
  const columns = columnNames.map((name) => ({ name, type: 'UInt64', bytes }));
  fs.writeFileSync(file, encodeBlock(1, columns));
  expect(() => readDay(file)).toThrow(
    `${file} has column "time UInt64" where "time UInt32" belongs: generate it again`,
  );
});
