import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { ListedReport, QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { executePlan } from '../../src/query/exec/execute.ts';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import { countsTogether, type PlanContext } from '../../src/query/plan/plan.ts';
import type { ProjectSnapshot } from '../../src/query/scan/project-snapshot.ts';
import { listQuery, propertyNames, withNames } from './ask-list.ts';
import { answerAsync } from './ask.ts';
import { buildViews } from './build-views.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { randomQuestion } from './random-question.ts';
import type { Asking } from './random-question.ts';
import { rounded } from './rounded.ts';
import { worldShards } from './world-snapshot.ts';
import type { Layout } from './world-snapshot.ts';

/*
 * All of it at once: any report with any option, over rows and over shards as the store hands them out (files, memory, copies,
 * users who were merged, hidden rows), is what the model says, and behind one of its numbers are as many entries as it says.
 */

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-every-report-'));
  host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

const layout: fc.Arbitrary<Layout> = fc.record({
  parts: fc.constantFrom(1, 1, 2),
  inMemory: fc.nat({ max: 3 }),
  copyEvery: fc.constantFrom(0, 0, 2),
  // The second of a batch of two, which stands behind the first one's also where both have one instant.
  mergedEvery: fc.constantFrom(0, 0, 4),
  hiddenEvery: fc.constantFrom(0, 0, 4),
});
const way = fc.record({
  /** Most go to the executors alone, which takes a fraction of the time. */
  isStored: fc.constantFrom(true, false, false, false, false),
  layout,
  shardCount: fc.constantFrom(1, 1, 2, 3),
});
type Way = typeof way extends fc.Arbitrary<infer Own> ? Own : never;
const place = fc.nat({ max: 1_000_000 });

interface Tried {
  questions: number;
  /** Of which so many have a number that counts, whose list was compared with it. */
  lists: number;
}

test(
  `answers any report as the model does, with a list behind its number (seed ${propertySeed})`,
  async ({ annotate }) => {
    const tried = new Map<string, Tried>();
    await fc.assert(
      fc.asyncProperty(randomQuestion, way, place, async (asking, own, at) => {
        const { things, question, kind, context } = asking;
        const ask = asker(asking, own);
        const of = listedReportSchema.parse(question);
        const expected = naive(things, of, context);
        expect(rounded(await ask(question))).toEqual(rounded(expected));
        const count = tried.get(kind) ?? { questions: 0, lists: 0 };
        tried.set(kind, count);
        count.questions++;
        const number = numberOf(of, expected, at);
        if (number === null) return;
        const { point, what } = number;
        const list = await ask(listQuery({ of, point, what }));
        if (list.type !== 'list') throw new Error(list.type);
        expect(list.total).toBe(numberAt(expected, point));
        expect(list[what]).toHaveLength(list.total);
        count.lists++;
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
    await annotate(summary(tried));
  },
  propertyTimeoutMs,
);

/** Who is asked. Groups are counted over what is stored alone. */
function asker({ things, context, kind }: Asking, { isStored, layout: laid, shardCount }: Way) {
  const own = { ...context, shardCount };
  if (isStored || kind.includes('groups')) {
    const shards = worldShards(things, shardCount, laid, { folder, name: `${snapshots++}` });
    return (query: QueryInput): Promise<QueryResult> => askHost(query, own, shards);
  }
  const views = buildViews(things, shardCount);
  const names = propertyNames(things);
  return (query: QueryInput): Promise<QueryResult> =>
    answerAsync(query, own, (plan) =>
      Promise.resolve(views.map((view) => executePlan(withNames(plan, names), view))),
    );
}

/** As the query server asks: all shards together where groups are counted, else each by itself. */
function askHost(
  query: QueryInput,
  context: PlanContext,
  shards: readonly ProjectSnapshot[],
): Promise<QueryResult> {
  return answerAsync(query, context, async (plan) => {
    const together = countsTogether(plan) ? [shards] : shards.map((shard) => [shard]);
    const answers = await Promise.all(together.map((own) => host.runTogether(plan, own)));
    return answers.flatMap(({ partials }) => partials.map(readPartial));
  });
}

/** Places that are looked at before an answer counts as one without a number that counts users or events. */
const placesMax = 20;

/** One of the numbers of an answer that count something: sums and averages do not. */
function numberOf(of: ListedReport, result: QueryResult, at: number) {
  // Shares of touches are no whole numbers of events (14.6).
  if (JSON.stringify(of).includes('"attributed"')) return null;
  for (let i = 0; i < placesMax; i++) {
    const point = somePoint(of, result, at + i);
    const what = point && countedAt(of, point);
    if (point && what) return { point, what };
  }
  return null;
}

/** How much was tried of what. */
function summary(tried: ReadonlyMap<string, Tried>): string {
  const rows = [...tried].sort(([left], [right]) => (left < right ? -1 : 1));
  const all = { questions: 0, lists: 0 };
  for (const [, { questions, lists }] of rows) {
    all.questions += questions;
    all.lists += lists;
  }
  return [...rows, ['all', all] as const]
    .map(([kind, { questions, lists }]) => `${kind}: ${questions} questions, ${lists} lists`)
    .join('\n');
}
