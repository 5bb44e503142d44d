import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { type ListedReport, listedReportSchema, type QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { listOf, listQuery } from '../../../test/model/ask-list.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { context, query, world } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import type { World } from '../../../test/model/world.ts';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { PlanContext } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-only-user-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24, resultCacheBytes: 2 ** 20 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

// A part in a file, one in memory, copies of events, and users who were merged.
const layout = { parts: 2, inMemory: 2, copyEvery: 5, mergedEvery: 7, hiddenEvery: 4 };

const askHost = (asked: QueryInput, zone: PlanContext, snapshot: ProjectSnapshot) =>
  answerAsync(asked, zone, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });

/** The same, had nobody else ever been there. */
function alone({ events, people, ...rest }: World, user: string): World {
  const own = Object.entries(people).filter(([id]) => id === user);
  return {
    ...rest,
    events: events.filter((event) => event.user === user && user !== ''),
    people: Object.fromEntries(own),
  };
}

const filterOn = (user: string) => ({
  type: 'property' as const,
  property: { scope: 'person' as const, name: '$distinct_id' },
  operator: 'equals' as const,
  values: [user],
});

test(
  `reports about one user are those that count nobody else (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        query,
        context,
        fc.constantFrom('ada', 'bob', 'cyd', 'nobody', ''),
        async (things, question, zone, user) => {
          const report = listedReportSchema.parse(question);
          fc.pre(report.type !== 'cohort');
          const asked = {
            ...report,
            filters: [...report.filters, filterOn(user)],
          } as ListedReport;
          const snapshot = worldSnapshot(things, layout, { folder, name: `${snapshots++}` });
          const actual = await askHost(asked as QueryInput, zone, snapshot);
          expect(rounded(actual)).toEqual(rounded(naive(alone(things, user), report, zone)));
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `events of one user come page by page, whether they are counted or not (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        context,
        fc.constantFrom('ada', 'bob', 'nobody'),
        fc.integer({ min: 1, max: 4 }),
        async (things, zone, user, limit) => {
          const report = {
            type: 'insights',
            range: { from: '2000-01-01', to: '2040-01-01' },
            unit: 'year',
            metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
          };
          const of = listedReportSchema.parse({ ...report, filters: [filterOn(user)] });
          const point = { type: 'insights', metric: 0, segment: null, bucket: null } as const;
          const asked = { of, point: { ...point, compared: false }, what: 'events' as const };
          const everything = { ...asked, of: listedReportSchema.parse(report) };
          const all = listOf(alone(things, user), everything, zone);
          const snapshot = worldSnapshot(things, layout, { folder, name: `${snapshots++}` });
          const events: unknown[] = [];
          let cursor: string | null = null;
          do {
            const page = { ...asked, limit, counted: false, ...(cursor && { cursor }) };
            const answer = (await askHost(listQuery(page), zone, snapshot)) as ListResult;
            events.push(...answer.events);
            cursor = answer.next;
          } while (cursor !== null);
          expect(events).toEqual(all.events);
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
