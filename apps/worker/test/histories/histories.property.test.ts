import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readPartial, ScanHost } from '@arbor/engine/host';
import { answerAsync, later } from '@arbor/engine/test/model/ask';
import { naive } from '@arbor/engine/test/model/naive';
import { propertyRuns, propertySeed } from '@arbor/engine/test/model/property-runs';
import { rounded } from '@arbor/engine/test/model/rounded';
import { querySchema } from '@arbor/schema/query';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HistoryRun, type Shown } from './history-run.ts';
import { questionsOf } from './questions.ts';
import { history, type RandomHistory } from './random-history.ts';

/*
 * "Users stay whole": people with several devices and accounts, their events, updates and links of every form, in any
 * order, with repeats, through both zones: reports say what a model says that knows who is who.
 */

let folder: string;
let host: ScanHost;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-histories-'));
  host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
});

const questions = questionsOf({ name: 'plan', excluded: 'free' });

async function check({ store, truth, profiles }: Shown): Promise<void> {
  const snapshot = store.snapshot(1);
  const names = Object.keys(questions);
  const answers = await Promise.all(
    Object.values(questions).map((query) =>
      answerAsync(query, { ...later, shardCount: 1 }, async (asked) => {
        const { partials } = await host.run(asked, snapshot);
        return partials.map(readPartial);
      }),
    ),
  );
  const expected = Object.values(questions).map((query) =>
    naive(truth, querySchema.parse(query), later),
  );
  const byName = (all: readonly unknown[]) =>
    Object.fromEntries(names.map((name, i) => [name, rounded(all[i])]));
  expect({ ...byName(answers), profiles }).toEqual({
    ...byName(expected),
    profiles: truth.people,
  });
}

async function replay(given: RandomHistory): Promise<void> {
  const own = fs.mkdtempSync(path.join(folder, 'history-'));
  await new HistoryRun(given, own).run(check);
  fs.rmSync(own, { recursive: true });
}

/** Histories that once went wrong, as they were shrunk. */
const regressions = path.join(import.meta.dirname, 'regressions');

test.each(fs.readdirSync(regressions))(
  'counts every person once in %s',
  async (file) => {
    expect.hasAssertions();
    await replay(
      JSON.parse(fs.readFileSync(path.join(regressions, file), 'utf8')) as RandomHistory,
    );
  },
  300_000,
);

test(
  `counts every person once, whatever is sent in whatever order (seed ${propertySeed})`,
  async () => {
    expect.hasAssertions();
    await fc.assert(fc.asyncProperty(history, replay), {
      numRuns: propertyRuns,
      seed: propertySeed,
    });
  },
  60_000 + propertyRuns * 1000,
);
