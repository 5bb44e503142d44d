import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { answerAsync } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-loaded-rows-'));
const host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 20 });
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

test('users of days that windows do not cut count also where others cut a day too often for a fast scan', async () => {
  const time = Date.UTC(2024, 2, 11);
  const world = { events: [{ user: 'ann', event: 'C', time, properties: {} }], people: {} };
  const metric = (event: string, days: number) => ({
    selector: { anyOf: [{ event }] },
    measure: { type: 'active' as const, days },
  });
  const question = {
    type: 'insights' as const,
    // On 7 April the clock goes back by half an hour.
    range: { from: '2024-03-16', to: '2024-04-07' },
    unit: 'hour' as const,
    breakdowns: [{ property: { scope: 'event' as const, name: 'p' } }],
    metrics: [metric('C', 28), metric('A', 1)],
  };
  const zone = { timezone: 'Australia/Lord_Howe', weekStart: 1 as const, nowMs: time };
  const layout = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
  const snapshot = worldSnapshot(world, layout, { folder, name: 'one' });
  const actual = await answerAsync(question, zone, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
  expect(actual).toMatchObject({ segmentCounts: [1, 0] });
  expect(actual).toEqual(naive(world, querySchema.parse(question), zone));
});
