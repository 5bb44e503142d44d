import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SegmentFile } from '../../format/segment/segment-file.ts';
import { encodeSegment } from '../../format/segment/encode-segment.ts';
import { toSegmentRows } from '../../format/segment/testing/random-rows.ts';
import { shopDay } from '../../format/segment/testing/shop-day.ts';
import { OpenSegments } from './open-segments.ts';
import { readAhead } from './read-ahead.ts';
import type { LoadOrder, PieceName } from './thread-messages.ts';

const head = { project: 1, shard: 2, day: 20_454 };
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-read-ahead-'));
  const bytes = encodeSegment(toSegmentRows(shopDay(300, 1)), head);
  fs.writeFileSync(path.join(folder, 'a'), bytes);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function order(event: string | null, pieces: readonly PieceName[], name = 'a'): LoadOrder {
  const file = { ...head, path: path.join(folder, name) };
  return {
    event,
    parts: [
      { type: 'memory', id: 1, hiddenRows: new Uint32Array(0) },
      { type: 'segment', file, hiddenRows: new Uint32Array(0) },
    ],
    present: [0, 1],
    users: 1,
    tiesApart: false,
    sources: null,
    pieces,
    hope: null,
    extent: { slab: 0, offset: 0, bytes: 0 },
  };
}

it('tells each file once what all orders want of it', () => {
  const told = vi.spyOn(SegmentFile.prototype, 'readAhead');
  const orders = [
    order('a', ['runs', 'times', 'ties 1+2', 'column price']),
    order('b', ['runs']),
    order(null, ['active users', 'active firsts', 'active lasts']),
    order(null, ['active users']),
  ];
  readAhead(orders, new OpenSegments(1));
  const nothing = { times: false, ties: false, properties: [] };
  expect(told.mock.calls).toEqual([
    [
      [
        { event: 'a', times: true, ties: true, properties: ['price'] },
        { ...nothing, event: 'b' },
        { ...nothing, event: null, times: true },
      ],
    ],
  ]);
  told.mockRestore();
});

it('has the blocks read that a query of the whole file reads, in few pieces', () => {
  const files = new OpenSegments(1);
  const file = files.open({ ...head, path: path.join(folder, 'a') });
  const asked: [number, number][] = [];
  const spy = vi
    .spyOn(fs, 'read')
    .mockImplementation(((...args: unknown[]) =>
      asked.push([Number(args[4]), Number(args[3])])) as never);
  readAhead([order(null, ['active users', 'active firsts'])], files);
  file.readAhead([{ event: null, times: true, ties: true, properties: file.properties }]);
  spy.mockRestore();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThanOrEqual(4);
  const size = fs.statSync(path.join(folder, 'a')).size;
  for (const [offset, length] of asked) expect(offset + length).toBeLessThanOrEqual(size);
});

it('says nothing of a file that is gone', () => {
  expect(() => readAhead([order('a', ['runs'], 'gone')], new OpenSegments(1))).not.toThrow();
});
