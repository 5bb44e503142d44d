import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildApps } from '@arbor/local-stack/prepare';
import { Terminal } from '@arbor/local-stack/terminal';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { bootstrap } from '../arbor/bench-project.ts';
import { profilingEnvironment, sayHottest, switchProfiles } from './hot-processes.ts';
import { readIngestOptions, type IngestOptions, type LoadName } from './ingest-options.ts';
import { totalOf } from './ingest-stack.ts';
import { cpuByProcess, cpuSpent } from './process-cpu.ts';
import { runLoad, type LoadOutcome } from './run-load.ts';

const settledMs = 60_000;
/** Those before it are of the warm-up: the insert ids of events follow from the number. */
const firstMeasuredRequest = 1_000_000;

/** Runs the loads one after the other against one stack, and prints what each reached. Fails if anything was lost or doubled. */
export async function runIngest(): Promise<void> {
  const options = readIngestOptions();
  if (!options.fromSource) await buildApps(new Terminal(), { web: false });
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bench-ingest-'));
  const { profiles } = options;
  const profiling = profiles === undefined ? {} : { env: profilingEnvironment(profiles) };
  const programs = options.fromSource ? 'source' : 'build';
  const stack = await startTestStack({ dataDir, bootstrap, programs, ...profiling });
  const end = (): void => void stack.stop().then(() => process.exit(130));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const warmedUp = await warmUp(stack, options);
    if (profiles !== undefined) await switchProfiles(stack, profiles, true);
    await measure(stack, options, warmedUp);
    if (profiles !== undefined) {
      await switchProfiles(stack, profiles, false);
      sayHottest(profiles, stack.run().processes, say);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    await stack.stop();
  }
}

/** Sends each load for a while and says nothing of it; answers how many events are stored. */
async function warmUp(
  stack: TestStack,
  { loads, rate, senders, isOpen, warmUpSeconds: seconds }: IngestOptions,
): Promise<number> {
  if (seconds === 0) return 0;
  let accepted = 0;
  for (const load of loads) {
    const plan = { apiUrl: stack.apiUrl, load, rate, senders, isOpen, seconds, firstRequest: 0 };
    accepted += (await runLoad(plan)).accepted;
  }
  return accepted;
}

async function measure(stack: TestStack, options: IngestOptions, before: number): Promise<void> {
  let stored = before;
  for (const load of options.loads) {
    const before = cpuByProcess(stack.run());
    const started = performance.now();
    const plan = { apiUrl: stack.apiUrl, load, ...options, firstRequest: firstMeasuredRequest };
    const outcome = await runLoad(plan);
    const spent = cpuSpent(before, cpuByProcess(stack.run()));
    stored += outcome.accepted;
    sayOutcome(load, outcome, { spent, ms: performance.now() - started });
    for (const zone of stack.run().zones) {
      const difference = (await settledTotal(stack.apiUrl, zone, stored)) - stored;
      const tooMany = Math.max(0, difference);
      say(`  zone ${zone}: ${Math.max(0, -difference)} lost, ${tooMany} doubled or turned away`);
      if (difference !== 0) process.exitCode = 1;
    }
  }
}

/** The other zone may be a little behind the one that answered. */
async function settledTotal(apiUrl: string, zone: string, expected: number): Promise<number> {
  const end = performance.now() + settledMs;
  for (;;) {
    const total = await totalOf(apiUrl, zone);
    if (total >= expected || performance.now() > end) return total;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function sayOutcome(
  load: LoadName,
  outcome: LoadOutcome,
  { spent, ms }: { spent: readonly [string, number][]; ms: number },
): void {
  const { accepted, turnedAway, unanswered } = outcome;
  const { sendingMs, queryableMs, answers, unclearRefusals } = outcome;
  const perSecond = (ms: number, events = accepted): string => ((events / ms) * 1000).toFixed(0);
  const offered = accepted + turnedAway + unanswered;
  const said = [...answers].map(
    ([status, count]) => `${count} × ${status === 0 ? 'none' : status}`,
  );
  say(
    `${load}: ${accepted} events accepted, ${perSecond(sendingMs)}/s; queryable ${perSecond(queryableMs)}/s`,
  );
  if (offered > accepted) {
    const rate = perSecond(sendingMs, offered);
    say(
      `  of ${offered} sent, ${rate}/s: ${turnedAway} turned away, ${unanswered} without an answer`,
    );
  }
  say(`  answers: ${said.join(', ')}; ${unclearRefusals} × 429 without Retry-After`);
  say(`  to the answer: ${quantiles(outcome.answerMs)}`);
  say(`  to queryable:  ${quantiles(outcome.probeMs)} (${outcome.probeMs.length} probes)`);
  say(`  of it from the answer on: ${quantiles(outcome.acceptedProbeMs)}`);
  const shares = spent.map(([name, cpuMs]) => `${name} ${((cpuMs / ms) * 100).toFixed(0)} %`);
  say(`  processor: ${shares.join(', ')}`);
  const stack = spent.filter(([name]) => name !== 'senders');
  const sum = stack.reduce((total, [, cpuMs]) => total + cpuMs, 0);
  const each = [...stack, ['together', sum] as const].map(
    ([name, cpuMs]) => `${name} ${((cpuMs / accepted) * 1000).toFixed(1)}`,
  );
  say(`  µs of it an event: ${each.join(', ')}`);
}

function quantiles(sorted: readonly number[]): string {
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
