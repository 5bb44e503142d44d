import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArborStack } from '../arbor/arbor-stack.ts';
import type { BenchFolder } from '../data-folder.ts';
import type { BenchOptions } from '../options.ts';
import { warmUp } from '../measure/warm-up.ts';
import type { Question } from '../queries/query-set.ts';
import { questionsOf } from '../steps/query.ts';
import { hottest, type CpuProfile } from './hottest.ts';

const hook = pathToFileURL(path.join(import.meta.dirname, 'profile-hook.mjs')).href;
const functionsShown = 25;

/**
 * Asks one question warm, again and again, while the threads of the storage process are profiled. Leaves the
 * profiles (which Chrome's developer tools open) and says where the time went.
 */
export async function profileQuestion(
  folder: BenchFolder,
  options: BenchOptions & { question: string },
  say: (text: string) => void,
): Promise<void> {
  for (const question of questionsOf({ ...options, queries: [options.question] })) {
    const directory = path.join(folder.profiles, question.name);
    fs.rmSync(directory, { recursive: true, force: true });
    fs.mkdirSync(directory, { recursive: true });
    const env = { NODE_OPTIONS: `--import ${hook}`, ARBOR_PROFILE_DIR: directory };
    const times = await ArborStack.with({ dataDir: folder.stack, ...options, env }, (stack) =>
      profiledTimes(stack, question, { directory, runs: options.runs }),
    );
    say(`${question.name}: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms, profiled`);
    sayHottest(directory, say);
  }
}

async function profiledTimes(
  stack: ArborStack,
  { query, filters }: Question,
  { directory, runs }: { directory: string; runs: number },
): Promise<number[]> {
  await stack.waitUntilServing();
  const ask = query.ask(filters);
  await warmUp(() => stack.ask(ask));
  const running = path.join(directory, `${stack.storagePid}.running`);
  stack.signalStorage('SIGUSR2');
  await until(() => fs.existsSync(running));
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push((await stack.ask(ask)).ms);
  stack.signalStorage('SIGUSR2');
  await until(() => !fs.existsSync(running));
  return times;
}

function sayHottest(directory: string, say: (text: string) => void): void {
  for (const name of fs.readdirSync(directory).filter((one) => one.endsWith('.cpuprofile'))) {
    const file = path.join(directory, name);
    const profile = JSON.parse(fs.readFileSync(file, 'utf8')) as CpuProfile;
    const functions = hottest(profile, functionsShown);
    if (functions.length === 0) continue; // a thread that only waited
    const lines = functions.map(
      ({ ms, share, place }) =>
        `${ms.toFixed(1).padStart(9)} ms ${(share * 100).toFixed(1).padStart(5)} %  ${place}`,
    );
    say([`${file}:`, ...lines].join('\n'));
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('the storage process does not answer SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
