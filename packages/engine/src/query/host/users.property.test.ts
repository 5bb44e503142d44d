import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { namedWorld, usersQuery } from '../../../test/model/random-users.ts';
import { context } from '../../../test/model/random-worlds.ts';
import type { World } from '../../../test/model/world.ts';
import { type Layout, worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { noDefinitions } from '../plan/plan-scope.ts';
import type { PlanContext } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-users-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24 });
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

async function answers(
  things: World,
  snapshot: ProjectSnapshot,
  asked: QueryInput,
  plain: PlanContext,
): Promise<{ readonly actual: unknown; readonly expected: unknown }> {
  const { hiddenEvents = [] } = things;
  const zone = { ...plain, definitions: { ...noDefinitions, hiddenEvents } };
  const answer = await answerAsync(asked, zone, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
  const actual = answer as UsersResult;
  const expected = naive(things, querySchema.parse(asked), zone) as UsersResult;
  // What a cursor holds is the engine's own.
  const hasMore = expected.users.length < expected.total;
  return {
    actual: { ...actual, next: actual.next !== null },
    expected: { ...expected, next: hasMore },
  };
}

test(
  `lists the users that the model lists, however the world is stored (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        namedWorld,
        layout,
        usersQuery,
        context,
        async (things, how, asked, zone) => {
          const snapshot = worldSnapshot(things, how, { folder, name: `${snapshots++}` });
          const { actual, expected } = await answers(things, snapshot, asked, zone);
          expect(actual).toEqual(expected);
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

const everything: QueryInput = {
  type: 'users',
  columns: [{ type: 'first_seen' }, { type: 'last_seen' }, { type: 'event_count' }],
  sort: { by: { type: 'user' }, order: 'ascending' },
};

test(
  `counts users anew who were merged or divided since they were counted (seed ${propertySeed})`,
  async () => {
    const how = { parts: 2, inMemory: 0, copyEvery: 3, mergedEvery: 3, hiddenEvery: 0 };
    await fc.assert(
      fc.asyncProperty(
        namedWorld,
        context,
        fc.array(fc.nat({ max: 7 }), { minLength: 2, maxLength: 5 }),
        async (things, zone, steps) => {
          const snapshot = worldSnapshot(things, how, { folder, name: `${snapshots++}` });
          // Days of other worlds would count as days that change.
          host.forget(snapshot);
          for (const step of steps) {
            // Of those who are merged in the snapshot, some are not yet, or not any more.
            const { losers, winners, ranks } = snapshot.redirects;
            const isKept = (_: number, i: number): boolean => ((step >> (i % 3)) & 1) === 1;
            const redirects = {
              losers: losers.filter(isKept),
              winners: winners.filter(isKept),
              ranks: ranks.filter(isKept),
            };
            const apart = new Set(winners.filter((_, i) => !isKept(0, i)));
            const { actual, expected } = await answers(
              dividedWorld(
                things,
                how,
                [...apart].map((user) => idOf(snapshot, user)),
              ),
              { ...snapshot, redirects },
              everything,
              zone,
            );
            expect(actual).toEqual(expected);
          }
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 6), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

/** The world in which these users are not the same as `… before`. Every user is known, with or without an event. */
function dividedWorld(things: World, { mergedEvery }: Layout, apart: readonly string[]): World {
  return {
    ...things,
    events: things.events.map((event, i) =>
      apart.includes(event.user) && i % mergedEvery === mergedEvery - 1
        ? { ...event, user: `${event.user} before` }
        : event,
    ),
    people: {
      ...Object.fromEntries(things.events.map(({ user }) => [user, {}])),
      ...Object.fromEntries(apart.map((user) => [`${user} before`, {}])),
      ...things.people,
    },
  };
}

function idOf({ users: { bytes, ends } }: ProjectSnapshot, user: number): string {
  return Buffer.from(bytes).toString('utf8', ends[user - 1], ends[user]);
}
