import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { mergePartials } from '../merge/merge.ts';
import { detachLists } from '../plan/plan-lists.ts';
import { planQuery, type Plan } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const plain = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };

let folder: string;
let host: ScanHost;
let snapshot: ProjectSnapshot;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-detached-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 22, resultCacheBytes: 2 ** 20 });
  const events = Array.from({ length: 60 }, (_, n) => ({
    user: `u${n % 20}`,
    event: 'View',
    time: Date.UTC(2024, 2, 10) + n * 60_000,
    properties: { sku: `k${n % 4}` },
  }));
  snapshot = worldSnapshot({ events, people: {} }, plain, { folder, name: 'a' });
});
afterEach(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
});

const keys = Array.from({ length: 2000 }, (_, n) => `k${n}`);

function planOf(more: object, values: readonly string[] = []): Plan {
  const query = {
    type: 'insights',
    range: { from: '2024-03-10', to: '2024-03-10' },
    metrics: [{ selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'total' } }],
    ...more,
  } as QueryInput;
  return planQuery(querySchema.parse(query), {
    timezone: 'UTC',
    weekStart: 1,
    nowMs: Date.UTC(2025, 0, 1),
    definitions: {
      hiddenEvents: [],
      sessions: { mode: { type: 'timeout', timeoutMs: 1_800_000 }, excluded: [] },
      propertyNames: () => undefined,
      lookup: () => ({ keys, values }),
    },
  });
}

const inCohort = (ids: readonly string[]): Plan =>
  planOf({
    filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'users', ids: [...ids] }] }],
  });

async function resultOf(plan: Plan, asked = plan) {
  const { partials } = await host.run(asked, snapshot);
  return mergePartials(plan, partials.map(readPartial), null);
}

/** As a storage process that was sent the lists. */
async function detachedResultOf(plan: Plan) {
  const { plan: asked, lists } = detachLists(plan);
  expect(lists.size).toBe(1);
  // A plan is JSON on its way.
  const sent = JSON.parse(JSON.stringify(asked)) as Plan;
  expect(() => host.holdLists(sent)).toThrow([...lists.keys()].join(' '));
  for (const [name, { bytes }] of lists) host.addList(name, bytes);
  const held = host.holdLists(sent);
  const result = await resultOf(plan, sent);
  held.end();
  return result;
}

test('answers a plan whose cohort was sent apart like the whole plan', async () => {
  const others = Array.from({ length: 2000 }, (_, n) => `somebody-${n}`);
  const plan = inCohort(['u3', ...others, 'u7']);
  const result = await detachedResultOf(plan);
  expect(result).toMatchObject({ series: [{ total: 6 }] });
  expect(result).toEqual(await resultOf(plan));
});

test('takes another list for another answer', async () => {
  const others = Array.from({ length: 2000 }, (_, n) => `somebody-${n}`);
  expect(await detachedResultOf(inCohort(['u3', ...others]))).toMatchObject({
    series: [{ total: 3 }],
  });
  expect(await detachedResultOf(inCohort(others))).toMatchObject({ series: [{ total: 0 }] });
});

test('answers a plan whose lookup table was sent apart like the whole plan', async () => {
  const computed = { type: 'lookup', table: 't', column: 'c' };
  const plan = planOf(
    { breakdowns: [{ property: { scope: 'event', name: 'sku', computed } }] },
    keys.map((_, n) => (n % 2 === 0 ? 'even' : 'odd')),
  );
  const result = await detachedResultOf(plan);
  expect(result).toMatchObject({
    series: [
      { segment: null, total: 60 },
      { segment: { text: 'even' }, total: 30 },
      { segment: { text: 'odd' }, total: 30 },
    ],
  });
  expect(result).toEqual(await resultOf(plan));
});
