import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listedReportSchema } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import { listQuery } from '../model/ask-list.ts';
import { answerAsync, later } from '../model/ask.ts';
import type { World } from '../model/world.ts';
import { worldSnapshot } from '../model/world-snapshot.ts';
import { d1 } from './sample-data.ts';

/** D1, and an event of 2023 that came last. */
const imported = { user: 'u1', event: 'Play', time: Date.UTC(2023, 5, 1, 9), properties: {} };
const withImported: World = { ...d1, events: [...d1.events, imported] };

let folder: string;
let host: ScanHost;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-reports-feed-'));
  host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

/** The events of the range, as the page after Live lists them: of each there is a copy in another file. */
async function eventsOf(from: string): Promise<readonly { event: string; timeMs: number }[]> {
  const layout = { parts: 2, inMemory: 2, copyEvery: 1, mergedEvery: 0, hiddenEvery: 0 };
  const snapshot = worldSnapshot(withImported, layout, { folder, name: 'feed' });
  const list = listQuery({
    of: listedReportSchema.parse({
      type: 'insights',
      range: { from, to: '2024-03-12' },
      metrics: [
        { selector: { anyOf: [{ event: null, filters: [] }] }, measure: { type: 'total' } },
      ],
    }),
    point: { type: 'insights', metric: 0, segment: null, bucket: null, compared: false },
    what: 'events',
  });
  const result = await answerAsync(list, later, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
  if (result.type !== 'list') throw new Error(result.type);
  return result.events;
}

test('11: an event of 2023 that arrives now is not on top, and is there when the range covers 2023', async () => {
  const events = await eventsOf('2023-01-01');
  expect(events[0]).toMatchObject({ event: 'Play', timeMs: Date.UTC(2024, 2, 12, 10) });
  expect(events.at(-1)).toMatchObject({ event: 'Play', timeMs: imported.time });
  expect(events.map(({ timeMs }) => timeMs)).toEqual(
    withImported.events.map(({ time }) => time).sort((a, b) => b - a),
  );
  const ofMarch = await eventsOf('2024-03-04');
  expect(ofMarch.some(({ timeMs }) => timeMs === imported.time)).toBe(false);
});

test('11: two copies of an event are one row', async () => {
  expect(await eventsOf('2024-03-04')).toHaveLength(d1.events.length);
});
