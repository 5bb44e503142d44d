import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EventLineParser } from '@arbor/engine/import/event-line-parser';
import { afterAll, expect, it, vi } from 'vitest';
import type { ChunkWriterContext } from './chunk-writer.ts';
import { importFile } from './import-file.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-import-file-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

it('forgets what odd lines teach, also where no line of the file is an event', async () => {
  const file = path.join(folder, 'odd.ndjson');
  const lineCount = 30_000;
  // An address is looked up by ingestion; the text before it is new in every line.
  const lines = Array.from({ length: lineCount }, (_, i) =>
    JSON.stringify({ event: 'View', properties: { text: `${i} `.repeat(20), ip: '10.0.0.1' } }),
  );
  fs.writeFileSync(file, lines.join('\n'));
  const forget = vi.spyOn(EventLineParser.prototype, 'forgetValues');
  let odd = 0;
  const context = {} as ChunkWriterContext; // Nothing is written.
  const events = await importFile({
    file,
    rowsMax: 1000,
    valueBytesMax: 200_000,
    context,
    clock: Date.now,
    onOdd: () => odd++,
    drain: () => Promise.resolve(),
    onProgress: () => undefined,
  });
  expect([events, odd]).toEqual([0, lineCount]);
  // 3 MB and more, of which each block of half a megabyte has more texts than may be known.
  expect(forget.mock.calls.length).toBeGreaterThan(3);
});
