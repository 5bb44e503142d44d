import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerAsync, later } from '../../../test/model/ask.ts';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { World, WorldEvent } from '../../../test/model/world.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const midnight = Date.UTC(2024, 2, 10);
const layout = { parts: 2, inMemory: 2, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };

let folder: string;
let host: ScanHost;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-list-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

function did(event: string, minute: number, properties: WorldEvent['properties']): WorldEvent {
  return { user: 'ada', event, time: midnight + minute * 60_000, properties };
}

async function eventsOf(name: string, event: string, world: World): Promise<ListResult['events']> {
  const snapshot = worldSnapshot(world, layout, { folder, name });
  const question: QueryInput = {
    type: 'list',
    of: {
      type: 'insights',
      range: { from: '2024-03-10', to: '2024-03-10' },
      metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
  };
  const result = await answerAsync(question, later, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
  return (result as ListResult).events;
}

it('lists the end of a session with what is worked out of it', async () => {
  const events = [did('A', 0, { $browser: 'Lynx' }), did('B', 10, { page: '/' })];
  expect(await eventsOf('sessions', '$session_end', { events, people: {} })).toEqual([
    {
      event: '$session_end',
      timeMs: midnight + 600_000,
      user: 'ada',
      properties: {
        $browser: 'Lynx',
        $duration_s: 600,
        $event_count: 2,
        $origin_end: 'B',
        $origin_start: 'A',
      },
    },
  ]);
});

it('brings all of more properties than are looked at together', async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 130 }, (_, i) => [`property ${i}`, i % 3 === 0 ? i : `${i}`]),
  );
  const events = [did('A', 0, properties), did('A', 1, { 'property 7': null }), did('B', 2, {})];
  const listed = await eventsOf('properties', 'A', { events, people: {} });
  expect(listed.map((event) => event.properties)).toEqual([{ 'property 7': null }, properties]);
});
