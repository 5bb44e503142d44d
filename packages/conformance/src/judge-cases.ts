import { inTurn } from './in-turn.ts';
import type { CaseJudgements } from './judge/judgements.ts';
import { joined, judge, type Verdict, type Way } from './judge/verdict.ts';
import { MemoryWays } from './memory/memory-ways.ts';
import type { Place } from './options.ts';
import { ArborClient } from './stack/arbor-client.ts';
import { CaseProjects } from './stack/case-projects.ts';
import { ConformanceStack, zones } from './stack/conformance-stack.ts';

type Say = (text: string) => void;

/** As many as the API runs at once for one project, so that no request waits long. */
const casesAtOnce = 4;

/** Judges all cases at the place that was asked for; `stopped` ends what was started, whatever is under way. */
export async function judgeCases(
  cases: readonly CaseJudgements[],
  place: Place,
  { say, stopped }: { readonly say: Say; readonly stopped: AbortSignal },
): Promise<Verdict[]> {
  switch (place.type) {
    case 'memory':
      return judgeInMemory(cases);
    case 'own-stack':
      return judgeOwnStack(cases, place, { say, stopped });
    case 'running-stack': {
      const client = new ArborClient(place.url, place.account);
      const projects = await loadProjects(client, { cases, zones: place.zones, say });
      return judgeAll(cases, [projects.way('stack', client)]);
    }
  }
}

const judgeAll = (cases: readonly CaseJudgements[], ways: readonly Way[]): Promise<Verdict[]> =>
  inTurn(cases, casesAtOnce, (own) => judge(own, ways));

async function judgeInMemory(cases: readonly CaseJudgements[]): Promise<Verdict[]> {
  const memory = new MemoryWays();
  // The host's threads do not keep a process alive, and nothing else is under way while they work.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await judgeAll(cases, memory.ways);
  } finally {
    clearInterval(alive);
    await memory.close();
  }
}

async function judgeOwnStack(
  cases: readonly CaseJudgements[],
  { live, indexed }: { readonly live: boolean; readonly indexed: boolean },
  { say, stopped }: { readonly say: Say; readonly stopped: AbortSignal },
): Promise<Verdict[]> {
  const stack = new ConformanceStack(stopped);
  const onStop = new Promise<never>((_, reject) => {
    stopped.addEventListener('abort', () => reject(stopped.reason));
  });
  const run = async (): Promise<Verdict[]> => {
    say('starting a stack');
    const client = await stack.start();
    const projects = await loadProjects(client, { cases, zones, say });
    const first = live ? await judgeAll(cases, [projects.way('live', client)]) : null;
    if (!indexed) return first ?? [];
    say('indexing');
    const events = cases.reduce((sum, { given }) => sum + given.events.length, 0);
    const restarted = await stack.restartIndexing(events);
    say('asking once more');
    const second = await judgeAll(cases, [projects.way('indexed', restarted)]);
    return first === null ? second : first.map((own, i) => joined(own, second[i]));
  };
  try {
    return await Promise.race([run(), onStop]);
  } finally {
    await stack.stop();
  }
}

async function loadProjects(
  client: ArborClient,
  given: {
    readonly cases: readonly CaseJudgements[];
    readonly zones: readonly string[];
    readonly say: Say;
  },
): Promise<CaseProjects> {
  const { cases, say } = given;
  say(`sending ${cases.length} cases`);
  const projects = new CaseProjects(given.zones);
  await inTurn(cases, casesAtOnce, (own) => projects.load(client, own));
  say('asking');
  return projects;
}
