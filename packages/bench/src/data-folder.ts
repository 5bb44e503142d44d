import fs from 'node:fs';
import path from 'node:path';
import { repository } from '@arbor/local-stack/repository';

/** Where one size of the bench keeps what it made; steps find there what earlier ones left. */
export interface BenchFolder {
  readonly root: string;
  /** Events as codes, a file a day. */
  dayFile(day: number): string;
  readonly peopleFile: string;
  readonly stateFile: (step: string) => string;
  /** Data folder of the local stack. */
  readonly stack: string;
  readonly clickhouse: string;
  readonly duckdb: string;
  readonly profiles: string;
}

/** 1M, 10M, 250K: how sizes are written in tables and folder names. */
export const sizeLabel = (events: number): string =>
  events >= 1e6 ? `${events / 1e6}M` : `${events / 1e3}K`;

export function benchFolder(options: {
  data: string | undefined;
  events: number;
  seed: number;
  /** Arbor's files have ids of events, too: they are kept apart from those without. */
  insertIds?: boolean;
}): BenchFolder {
  const parent = path.resolve(options.data ?? path.join(repository.root, '.arbor-bench'));
  const seed = options.seed === 42 ? '' : `-seed${options.seed}`;
  const ids = options.insertIds ? '-insert-ids' : '';
  const root = path.join(parent, `${sizeLabel(options.events)}${seed}${ids}`);
  fs.mkdirSync(path.join(root, 'days'), { recursive: true });
  return {
    root,
    dayFile: (day) => path.join(root, 'days', `${String(day).padStart(3, '0')}.native`),
    peopleFile: path.join(root, 'people.native'),
    stateFile: (step) => path.join(root, `${step}.json`),
    stack: path.join(root, 'stack'),
    clickhouse: path.join(root, 'clickhouse'),
    duckdb: path.join(root, 'duckdb'),
    profiles: path.join(root, 'profiles'),
  };
}

/** Bytes of a file, or of all files in a folder. */
export function bytesOf(file: string): number {
  return filesIn(file).reduce((sum, one) => sum + fs.statSync(one).size, 0);
}

export function filesIn(file: string): string[] {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return stat.isFile() ? [file] : [];
  return fs.readdirSync(file).flatMap((name) => filesIn(path.join(file, name)));
}

/** Undefined when that step has not run yet. */
export function readState<State>(folder: BenchFolder, step: string): State | undefined {
  const file = folder.stateFile(step);
  // Only the step's own code writes the file.
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as State) : undefined;
}

export function writeState(folder: BenchFolder, step: string, state: unknown): void {
  const file = folder.stateFile(step);
  fs.writeFileSync(`${file}.draft`, `${JSON.stringify(state, null, 1)}\n`);
  fs.renameSync(`${file}.draft`, file);
}
