import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import type { FilterInput, QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import {
  context,
  funnelQuery,
  insightsQuery,
  retentionQuery,
  world,
} from '../../../test/model/random-worlds.ts';
import type { World } from '../../../test/model/world.ts';
import { type Layout, worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { firstEventProperty } from './first-seen.ts';
import { readPartial, ScanHost } from './scan-host.ts';

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-first-seen-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24, resultCacheBytes: 2 ** 20 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

const layout: fc.Arbitrary<Layout> = fc.record({
  parts: fc.integer({ min: 1, max: 3 }),
  inMemory: fc.constantFrom(0, 0, 1, 2, 7),
  copyEvery: fc.constantFrom(0, 3),
  mergedEvery: fc.constantFrom(0, 4),
  hiddenEvery: fc.constantFrom(0, 5),
});

const property = { scope: 'person' as const, name: firstEventProperty };
const protocolEvents: readonly string[] = ['$identify', '$create_alias', '$merge'];

const timeText = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19);

/** The world in which each profile says by itself when its user came first, and no other says so. */
function toldWorld(things: World): World {
  const firsts = new Map<string, number>();
  for (const { user, event, time } of things.events) {
    if (user === '' || protocolEvents.includes(event)) continue;
    firsts.set(user, Math.min(firsts.get(user) ?? Infinity, time));
  }
  const told = Array.from(firsts, ([user, time]) => {
    return [user, { ...things.people[user], [firstEventProperty]: timeText(time) }] as const;
  });
  return { ...things, people: { ...things.people, ...Object.fromEntries(told) } };
}

/** About the time of one of the events, or of all. */
function filterOf(things: World, pick: number): FilterInput {
  const times = things.events.map(({ time }) => timeText(time));
  const at = times[pick % Math.max(times.length, 1)] ?? '2024-03-01T00:00:00';
  const filters: readonly FilterInput[] = [
    { type: 'property', property, operator: 'is_set' },
    { type: 'property', property, operator: 'is_not_set' },
    { type: 'property', property, operator: 'equals', values: [at] },
    { type: 'property', property, operator: 'was_before', values: [at.slice(0, 10)] },
    { type: 'property', property, operator: 'was_since', values: [at.slice(0, 10)] },
  ];
  return filters[pick % filters.length];
}

const asked = fc.oneof(insightsQuery, funnelQuery, retentionQuery);

test(
  `says of each user when the first event was, however the world is stored (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        layout,
        asked,
        context,
        fc.nat({ max: 1000 }),
        fc.boolean(),
        async (things, how, query, zone, pick, byTime) => {
          const filtered = {
            ...query,
            filters: [...(('filters' in query && query.filters) || []), filterOf(things, pick)],
            ...(byTime && { breakdowns: [{ property }] }),
          } as QueryInput;
          const parsed = querySchema.safeParse(filtered);
          fc.pre(parsed.success);
          const snapshot = worldSnapshot(things, how, { folder, name: `${snapshots++}` });
          host.forget(snapshot);
          const expected = naive(toldWorld(things), parsed.data, zone);
          // Asked twice: what was kept says the same.
          for (const _ of [1, 2]) {
            const actual = await answerAsync(filtered, zone, async (plan) => {
              const { partials } = await host.run(plan, snapshot);
              return partials.map(readPartial);
            });
            expect(actual).toEqual(expected);
          }
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
