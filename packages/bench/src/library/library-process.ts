import { querySchema } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { endWith, programJob } from '../child-process.ts';
import type { Round } from '../measure/engine-times.ts';
import { warmUp } from '../measure/warm-up.ts';
import { filteredQuestion, plainQuestion, querySet } from '../queries/query-set.ts';
import { LibraryEngine, type LibraryFiles } from './library-engine.ts';

/** Program: one question put to the engine as a library. */
export interface LibraryJob extends LibraryFiles {
  /** As `Q1` or `Q1f`. */
  readonly question: string;
  readonly warmRuns: number;
}

const job = programJob<LibraryJob>();
const engine = await LibraryEngine.open(job);
const round = await measure();
await engine.close();
endWith(round);

async function measure(): Promise<Round> {
  const question = questionNamed(job.question);
  const query = querySchema.parse(question.query.ask(question.filters));
  const ask = (): Promise<QueryResult> => engine.ask(query);
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
  const ownMemoryMb = peakMemoryMb - engine.cacheMb;
  return { coldMs, warmMs, cpuMs, peakMemoryMb, ownMemoryMb, rows: question.query.rowsOf(result) };
}

function questionNamed(name: string) {
  const query = querySet.find((one) => name.replace(/f$/, '') === one.name);
  if (query === undefined) throw new Error(`there is no question ${name}`);
  return name.endsWith('f') ? filteredQuestion(query) : plainQuestion(query);
}
