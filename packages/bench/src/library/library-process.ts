import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CatalogFile, SegmentEntry, ShardCatalog } from '@arbor/engine/catalog';
import { composeQuery } from '@arbor/engine/compose';
import { readPartial, ScanHost } from '@arbor/engine/host';
import { followUpPlan, mergePartials } from '@arbor/engine/merge';
import { planQuery, type Plan, type PlanContext } from '@arbor/engine/plan';
import { ShardStore } from '@arbor/engine/store';
import { querySchema, type Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { benchProject, benchShard } from '../arbor/bench-project.ts';
import type { CatalogList } from '../arbor/load-arbor.ts';
import { endWith, programJob } from '../child-process.ts';
import type { Round } from '../measure/engine-times.ts';
import { warmUp } from '../measure/warm-up.ts';
import { filteredQuestion, plainQuestion, querySet } from '../queries/query-set.ts';

/** Program: one question put to the engine as a library, in this process: no server, no network, no JSON. */
export interface LibraryJob {
  /** Folder of the object store. */
  readonly objects: string;
  readonly files: CatalogList;
  /** As `Q1` or `Q1f`. */
  readonly question: string;
  readonly threads: number;
  readonly cacheMb: number;
  readonly warmRuns: number;
}

const job = programJob<LibraryJob>();
const logDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bench-log-'));
const store = await ShardStore.open({
  directory: logDirectory,
  shard: benchShard,
  clock: Date.now,
  catalog: catalogOf(job),
  onDamage: (damage) => process.stderr.write(`${JSON.stringify(damage)}\n`),
});
const host = ScanHost.create({ threads: job.threads, cacheBytes: job.cacheMb * 2 ** 20 });
// The host's threads do not keep a process alive, and nothing else is under way while they work.
setInterval(() => undefined, 60_000);
const round = await measure();
await host.close();
await store.close();
fs.rmSync(logDirectory, { recursive: true });
endWith(round);

async function measure(): Promise<Round> {
  const question = questionNamed(job.question);
  const query = querySchema.parse(question.query.ask(question.filters));
  const { weekStart } = benchProject;
  const ask = (): Promise<QueryResult> =>
    answer(query, { timezone: 'UTC', weekStart, nowMs: Date.now(), shardCount: 1 });
  const begun = performance.now();
  let result = await ask();
  const coldMs = performance.now() - begun;
  await warmUp(ask);
  const warmMs: number[] = [];
  const cpuMs: number[] = [];
  for (let run = 0; run < job.warmRuns; run++) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    result = await ask();
    warmMs.push(performance.now() - started);
    const used = process.cpuUsage(cpu);
    cpuMs.push((used.user + used.system) / 1000);
  }
  const peakMemoryMb = process.resourceUsage().maxRSS / 1024;
  const ownMemoryMb = peakMemoryMb - host.stats().cacheBytes / 2 ** 20;
  return { coldMs, warmMs, cpuMs, peakMemoryMb, ownMemoryMb, rows: question.query.rowsOf(result) };
}

/** The way of the distributed query server, without the way there. */
async function answer(query: Query, context: PlanContext): Promise<QueryResult> {
  let step = composeQuery(query, context);
  while (step.type === 'ask') {
    const results: QueryResult[] = [];
    for (const part of step.queries) results.push(await answerPart(planQuery(part, context)));
    step = step.next(results);
  }
  return step.result;
}

async function answerPart(plan: Plan): Promise<QueryResult> {
  const partials = await partialsOf(plan);
  const followUp = followUpPlan(plan, partials);
  return mergePartials(plan, partials, followUp && (await partialsOf(followUp)));
}

async function partialsOf(plan: Plan) {
  const { partials } = await host.run(plan, store.snapshot(benchProject.id));
  return partials.map(readPartial);
}

function questionNamed(name: string) {
  const query = querySet.find((one) => name.replace(/f$/, '') === one.name);
  if (query === undefined) throw new Error(`there is no question ${name}`);
  return name.endsWith('f') ? filteredQuestion(query) : plainQuestion(query);
}

function catalogOf({ objects, files }: LibraryJob): ShardCatalog {
  const fileOf = (key: string): CatalogFile => ({ id: key, path: path.join(objects, key) });
  const ofKind = (kind: string): CatalogFile[] =>
    files.filter((file) => file.kind === kind).map(({ key }) => fileOf(key));
  const segments = files.flatMap(({ key, kind, day, generation, meta }): SegmentEntry[] => {
    if (kind !== 'segment' || day === null) return [];
    // The loader wrote what `encodeDay` made.
    return [{ ...fileOf(key), day, generation, meta: meta as SegmentEntry['meta'] }];
  });
  const own = { users: ofKind('users'), people: ofKind('people'), segments };
  return { version: 1, projects: new Map([[benchProject.id, own]]), covered: [] };
}
