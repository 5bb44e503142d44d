import fs from 'node:fs';
import path from 'node:path';
import { readPartial, ScanHost } from '@arbor/engine/host';
import { answerAsync, later } from '@arbor/engine/test/model/ask';
import { naive } from '@arbor/engine/test/model/naive';
import { propertyRuns, propertySeed } from '@arbor/engine/test/model/property-runs';
import { rounded } from '@arbor/engine/test/model/rounded';
import type { World } from '@arbor/engine/test/model/world';
import { type QueryInput, querySchema } from '@arbor/schema/query';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Lane } from './lane.ts';
import { type MovingHistory, movingHistory } from './moving-history.ts';
import { MovingRun, type ShownZone } from './moving-run.ts';
import { questionsOf } from './questions.ts';

/*
 * "History follows, at once, also when the two lived on different shards": people whose devices and accounts lie on several
 * shards, and who move while events, updates and links come in any order and processes die at any step: reports and
 * profiles say what a model says that knows who is who.
 */

/** Beside one another, each with its part of the histories. */
const laneCount = 3;
let lanes: Lane[] = [];
let host: ScanHost;
beforeAll(async () => {
  const url = inject('databaseUrl');
  lanes = await Promise.all(Array.from({ length: laneCount }, (_, n) => Lane.open(url, n)));
  host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  for (const lane of lanes) await lane.close();
});

const byCount = { scope: 'person' as const, name: 'count of $device:bob-1' };
const questions = {
  ...questionsOf({ name: 'name of ann', excluded: 'ann' }),
  'unique users by what was counted': {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-09' },
    metrics: [{ selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'unique' } }],
    breakdowns: [{ property: byCount }],
  },
} satisfies Record<string, QueryInput>;

function checkOf(project: number) {
  return async ({ spread, shards, truth, profiles }: ShownZone): Promise<void> => {
    const snapshots = shards.map(({ store, leftOut }) => store.snapshot(project, leftOut));
    const answers = await Promise.all(
      Object.values(questions).map((query) =>
        answerAsync(query, { ...later, shardCount: spread }, async (asked) => {
          const all = await Promise.all(snapshots.map((snapshot) => host.run(asked, snapshot)));
          return all.flatMap(({ partials }) => partials.map(readPartial));
        }),
      ),
    );
    const expected = Object.values(questions).map((query) =>
      naive(truth, querySchema.parse(query), later),
    );
    const byName = (all: readonly unknown[]) =>
      Object.fromEntries(Object.keys(questions).map((name, i) => [name, rounded(all[i])]));
    expect({ ...byName(answers), profiles: inOrder(profiles) }).toEqual({
      ...byName(expected),
      profiles: inOrder(truth.people),
    });
  };
}

/** A list has its items in the order in which they came. */
const inOrder = (people: World['people']) =>
  Object.fromEntries(
    Object.entries(people).map(([user, profile]) => [
      user,
      Object.fromEntries(
        Object.entries(profile).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value,
        ]),
      ),
    ]),
  );

let looks = 0;
let moved = 0;

async function replay(lane: Lane, history: MovingHistory): Promise<void> {
  const { pool, databaseUrl, rewriter } = lane;
  const project = await lane.createProject();
  const run = await MovingRun.create({ pool, databaseUrl, rewriter, project }, history);
  try {
    const check = checkOf(project);
    await run.run(async (shown) => {
      looks++;
      await check(shown);
    });
    const { rows } = await pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM user_moves WHERE project = $1',
      [project],
    );
    moved += rows[0]?.n ?? 0;
  } finally {
    await run.remove();
  }
}

/** Histories that once went wrong, as they were shrunk. */
const regressions = path.join(import.meta.dirname, 'moving-regressions');

test.each(fs.readdirSync(regressions))('counts every person once in %s', async (file) => {
  expect.hasAssertions();
  const text = fs.readFileSync(path.join(regressions, file), 'utf8');
  for (const lane of lanes.slice(0, 1)) await replay(lane, JSON.parse(text) as MovingHistory);
});

test(
  `counts every person once, on whichever shards he lived (seeds from ${propertySeed})`,
  async () => {
    const numRuns = Math.ceil(propertyRuns / 10 / laneCount);
    await Promise.all(
      lanes.map((lane, n) => {
        const told = fc.asyncProperty(movingHistory, (history) => replay(lane, history));
        return fc.assert(told, { numRuns, seed: propertySeed + n });
      }),
    );
    expect(looks).toBeGreaterThan(2 * laneCount * numRuns);
    expect(moved).toBeGreaterThan((laneCount * numRuns) / 2);
  },
  60_000 + propertyRuns * 1000,
);
