import path from 'node:path';
import type { CatalogList } from '../arbor/load-arbor.ts';
import { runProgram } from '../child-process.ts';
import { readState, type BenchFolder } from '../data-folder.ts';
import type { LibraryJob } from '../library/library-process.ts';
import type { BenchOptions } from '../options.ts';
import { catalogListName } from '../steps/load.ts';
import type { Round } from './engine-times.ts';
import { dropFromPageCache } from './process-usage.ts';

/** What the storage process takes where nothing is said. */
const cacheMbDefault = 2048;

/** One process that asks the engine as a library: the first run, then `runs` warm ones. */
export async function libraryRound(
  question: string,
  folder: BenchFolder,
  options: Pick<BenchOptions, 'threads' | 'cacheMb'> & { cold: boolean; runs: number },
): Promise<Round> {
  const files = readState<CatalogList>(folder, catalogListName);
  if (files === undefined) throw new Error('the list of files is missing: run the load step anew');
  const objects = path.join(folder.stack, 'objects');
  if (options.cold) dropFromPageCache(objects);
  const job: LibraryJob = {
    objects,
    files,
    question,
    threads: options.threads,
    cacheMb: options.cacheMb ?? cacheMbDefault,
    warmRuns: options.runs,
  };
  const round = await runProgram<Round>('library/library-process.ts', job);
  return options.cold ? round : { ...round, coldMs: null };
}
