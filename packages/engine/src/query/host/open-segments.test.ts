import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeSegment } from '../../format/segment/encode-segment.ts';
import { toSegmentRows } from '../../format/segment/testing/random-rows.ts';
import { shopDay } from '../../format/segment/testing/shop-day.ts';
import { OpenSegments } from './open-segments.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-open-segments-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const empty = {
  rowCount: 0,
  events: [],
  eventStarts: new Uint32Array(1),
  users: new Uint32Array(0),
  times: new Uint32Array(0),
  tieRanks: null,
  batchSequences: new Float64Array(0),
  batches: new Uint32Array(0),
  sentTimes: new Map<number, number>(),
  sentIds: new Uint32Array(0),
  sentIdTexts: [''],
  insertIds: { bytes: new Uint8Array(0), ends: new Uint32Array(0) },
  properties: [],
};

test('refuses a file to another project although it is open', () => {
  const file = path.join(folder, 'segment');
  fs.writeFileSync(file, encodeSegment(empty, { project: 1, shard: 2, day: 3 }));
  const files = new OpenSegments(4);
  const source = { path: file, project: 1, shard: 2, day: 3 };
  expect(files.open(source)).toBe(files.open(source));
  expect(() => files.open({ ...source, project: 9 })).toThrow(
    expect.objectContaining({ code: 'WRONG_PROJECT' }),
  );
});

const rows = toSegmentRows(shopDay(3, 1));
const write = (name: string, day: number): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, encodeSegment(rows, { project: 1, shard: 2, day }));
  return file;
};

test('keeps the index of files that it closes, and opens them again', () => {
  const files = new OpenSegments(1);
  const [first, second] = [3, 4].map((day) => {
    return { path: write(`${day}`, day), project: 1, shard: 2, day };
  });
  const opened = files.open(first);
  files.open(second);
  files.trim();
  expect(() => opened.rows()).toThrow('is closed');
  expect(files.open(first)).toBe(opened);
  expect(opened.rows().rowCount).toBe(rows.rowCount);
});

test('keeps no more indexes than it may', () => {
  const files = new OpenSegments(0, 2 ** 20);
  const source = { path: write('a', 3), project: 1, shard: 2, day: 3 };
  const opened = files.open(source);
  files.trim();
  expect(files.open(source)).toBe(opened);
  const none = new OpenSegments(0, 0);
  const other = none.open(source);
  none.trim();
  expect(none.open(source)).not.toBe(other);
});

test('says of a closed file that it is gone, and reads another one of its name anew', () => {
  const files = new OpenSegments(0);
  const source = { path: write('a', 3), project: 1, shard: 2, day: 3 };
  const opened = files.open(source);
  files.trim();
  fs.rmSync(source.path);
  expect(() => files.open(source)).toThrow(expect.objectContaining({ code: 'CATALOG_UNREADABLE' }));
  write('a', 3);
  const anew = files.open(source);
  expect(anew).not.toBe(opened);
  files.trim();
  fs.appendFileSync(source.path, 'more');
  expect(() => files.open(source)).toThrow(expect.objectContaining({ code: 'CORRUPT_SEGMENT' }));
});
