import fs from 'node:fs';
import { runProgram } from '../child-process.ts';
import { readState, writeState, type BenchFolder } from '../data-folder.ts';
import type { DaysJob, DaysMade } from './generate-days.ts';

export interface GenerateState {
  readonly events: number;
  readonly users: number;
  readonly perDay: readonly number[];
  readonly seconds: number;
}

/** Makes the project's days and people, unless they are there. Two processes, each every second day. */
export async function generate(
  folder: BenchFolder,
  world: { events: number; seed: number },
  say: (text: string) => void,
): Promise<GenerateState> {
  const made = readState<GenerateState>(folder, 'generate');
  if (made !== undefined) return made;
  fs.rmSync(folder.root, { recursive: true, force: true });
  fs.mkdirSync(`${folder.root}/days`, { recursive: true });
  const started = performance.now();
  const jobs: DaysJob[] = [0, 1].map((part) => ({ ...world, root: folder.root, part, parts: 2 }));
  const parts = await Promise.all(
    jobs.map((job) => runProgram<DaysMade>('steps/generate-days.ts', job)),
  );
  const perDay = parts
    .flatMap(({ days }) => days)
    .sort((a, b) => a.day - b.day)
    .map(({ rowCount }) => rowCount);
  const state: GenerateState = {
    events: perDay.reduce((sum, count) => sum + count, 0),
    users: parts[0].users,
    perDay,
    seconds: (performance.now() - started) / 1000,
  };
  writeState(folder, 'generate', state);
  say(`made ${state.events} events of ${state.users} users in ${state.seconds.toFixed(1)} s`);
  return state;
}
