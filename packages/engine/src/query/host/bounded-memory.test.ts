import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { mergePartials } from '../merge/merge.ts';
import { planQuery } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const midnight = Date.UTC(2024, 0, 1);
const [users, days, dayMs] = [60, 160, 86_400_000];
const cacheBytes = 8192;
/** Whoever looks in every turn of the event loop takes a core from the threads, which begin while the first one asks. */
const timeoutMs = 120_000;
const files = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
const events = Array.from({ length: users * days * 2 }, (_, i) => ({
  user: `u${i % users}`,
  event: (i + Math.floor(i / users)) % 3 === 0 ? 'Buy' : 'View',
  time: midnight + Math.floor(i / users / 2) * dayMs + (i % 977) * 60_000,
  properties: { page: `/p${i % 5}`, price: i % 7 },
}));

const range = { from: '2024-01-01', to: '2024-06-08' };
const [view, buy] = ['View', 'Buy'].map((event) => ({ anyOf: [{ event }] }));
const window = { value: 2, unit: 'day' } as const;
const byPage = [{ property: { scope: 'event' as const, name: 'page' } }];
const questions: Record<string, QueryInput> = {
  'users by page': {
    type: 'insights',
    range,
    metrics: [{ selector: view, measure: { type: 'unique' } }],
    breakdowns: byPage,
  },
  'a funnel': { type: 'funnel', range, steps: [view, buy], window, breakdowns: byPage },
  'retention from one event to another': {
    type: 'retention',
    range,
    unit: 'day',
    intervals: 5,
    birth: view,
    return: buy,
  },
  'a funnel by sessions, over the rows of each user': {
    type: 'funnel',
    range,
    steps: [view, buy],
    window,
    counting: 'sessions',
  },
};

let folder: string;
let snapshot: ProjectSnapshot;
let hosts: { readonly small: ScanHost; readonly large: ScanHost };

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bounded-'));
  snapshot = worldSnapshot({ events, people: {} }, files, { folder, name: 'a' });
  const host = (bytes: number): ScanHost => ScanHost.create({ threads: 2, cacheBytes: bytes });
  hosts = { small: host(cacheBytes), large: host(2 ** 24) };
});
afterAll(async () => {
  await Promise.all([hosts.small.close(), hosts.large.close()]);
  fs.rmSync(folder, { recursive: true });
}, 120_000);

/** The answer, how many events of days were decoded for it, and the most bytes of their columns in any turn of the event loop. */
async function asked(host: ScanHost, question: QueryInput) {
  const context = { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2025, 0, 1) };
  const plan = planQuery(querySchema.parse(question), context);
  let isDone = false;
  const loadsBefore = host.stats().loads;
  const answer = host.run(plan, snapshot).finally(() => (isDone = true));
  let peakBytes = 0;
  for (; !isDone; await turn()) peakBytes = Math.max(peakBytes, host.stats().cacheBytes);
  const { partials } = await answer;
  const loads = host.stats().loads - loadsBefore;
  return { result: mergePartials(plan, partials.map(readPartial), null), peakBytes, loads };
}

describe('of data that is many times the cache', () => {
  for (const [name, question] of Object.entries(questions)) {
    it(
      `${name} is answered within the bound`,
      async () => {
        const large = await asked(hosts.large, question);
        const small = await asked(hosts.small, question);
        expect(small.result).toEqual(large.result);
        expect(large.peakBytes).toBeGreaterThan(10 * cacheBytes);
        expect(small.peakBytes).toBeGreaterThan(0);
        expect(small.peakBytes).toBeLessThanOrEqual(cacheBytes);
        // Each event of each day, and who was active on each: once, though nothing stays until the next.
        expect(small.loads).toBeLessThanOrEqual(days * 3);
        await hosts.small.idle();
        expect(hosts.small.stats()).toMatchObject({ overflowBytes: 0 });
      },
      timeoutMs,
    );
  }
});
