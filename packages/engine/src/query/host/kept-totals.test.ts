import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { querySchema } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../../test/model/ask.ts';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { UsersPartial } from '../merge/partial.ts';
import { planQuery } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const layout = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
const dayMs = 86_400_000;
const firstMs = Date.UTC(2024, 2, 1);

let folder: string;
let host: ScanHost;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-totals-'));
  // So little room that days are decoded anew whenever they are looked at.
  host = ScanHost.create({ threads: 1, cacheBytes: 1 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

/** `ada` does something on each of ten days, and more often on `busyDay`. */
function daysOf(name: string, busyDay: number): ProjectSnapshot {
  const events = Array.from({ length: 10 }, (_, day) =>
    Array.from({ length: day === busyDay ? 3 : 1 }, (_once, i) => ({
      user: 'ada',
      event: 'A',
      time: firstMs + day * dayMs + i,
      properties: {},
    })),
  ).flat();
  return worldSnapshot({ events, people: {} }, layout, { folder, name });
}

async function countOf(snapshot: ProjectSnapshot): Promise<{ count: unknown; loads: number }> {
  const columns = [{ type: 'event_count' as const }];
  const plan = planQuery(querySchema.parse({ type: 'users', columns }), later);
  const before = host.stats().loads;
  const { partials } = await host.run(plan, snapshot);
  const [partial] = partials.map(readPartial) as UsersPartial[];
  return { count: partial.users[0]?.values[0], loads: host.stats().loads - before };
}

test('looks only at the days that changed since, and at the newest ones', async () => {
  const first = daysOf('first', -1);
  expect(await countOf(first)).toEqual({ count: 10, loads: 10 });
  expect(await countOf(first)).toEqual({ count: 10, loads: 0 });
  // The last day is another one; so is the one before it, which may still change.
  const newest = daysOf('newest', 9);
  const withNewest = { ...first, days: [...first.days.slice(0, 9), ...newest.days.slice(9)] };
  expect(await countOf(withNewest)).toEqual({ count: 12, loads: 2 });
  // A day that was thought to be over changed: all are added anew once, and from then on that one day each time.
  const late = daysOf('late', 4);
  const days = [...first.days.slice(0, 4), late.days[4], ...withNewest.days.slice(5)];
  expect(await countOf({ ...first, days })).toEqual({ count: 14, loads: 10 });
  const later = daysOf('later', 4);
  const changed = days.map((day, i) => (i === 4 ? later.days[4] : day));
  expect(await countOf({ ...first, days: changed })).toEqual({ count: 14, loads: 3 });
});
