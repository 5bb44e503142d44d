import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeSegment } from '../../format/segment/encode-segment.ts';
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
