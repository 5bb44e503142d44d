import { loadArbor } from '../arbor/load-arbor.ts';
import { runProgram } from '../child-process.ts';
import { readState, writeState, type BenchFolder } from '../data-folder.ts';
import type { BenchOptions } from '../options.ts';
import type { PeerName } from '../peers/install.ts';
import type { LoadReport, PeerJob } from '../peers/peer.ts';
import type { EngineName } from './query.ts';
import type { GenerateState } from './generate.ts';

export type LoadState = LoadReport & { readonly insertIds?: boolean };

export const loadStateName = (engine: EngineName): string => `load-${engine}`;

/** Name of the list of Arbor's files among the states. */
export const catalogListName = 'arbor-files';

/** Loads each engine that has not got this data yet, one after the other. */
export async function load(
  folder: BenchFolder,
  world: GenerateState,
  options: BenchOptions,
  say: (text: string) => void,
): Promise<void> {
  for (const engine of ['arbor', ...options.peers] as const) {
    const name = loadStateName(engine);
    const earlier = readState<LoadState>(folder, name);
    const isSame = engine !== 'arbor' || earlier?.insertIds === options.insertIds;
    if (earlier !== undefined && isSame && !options.reload) continue;
    const report =
      engine === 'arbor'
        ? await loadOwn(folder, world, options)
        : await loadPeer(engine, folder, options);
    if (report.rows !== world.events) {
      throw new Error(`${engine} has ${report.rows} events after loading ${world.events}`);
    }
    writeState(folder, name, report);
    const { seconds, bytesPerEvent } = report;
    say(`${engine} loaded in ${seconds.toFixed(1)} s, ${bytesPerEvent.toFixed(2)} bytes an event`);
  }
}

async function loadOwn(
  folder: BenchFolder,
  world: GenerateState,
  options: BenchOptions,
): Promise<LoadState> {
  const { report, files } = await loadArbor(folder, world, options);
  writeState(folder, catalogListName, files);
  return { ...report, insertIds: options.insertIds };
}

function loadPeer(peer: PeerName, folder: BenchFolder, options: BenchOptions): Promise<LoadReport> {
  const { threads, memoryGb, events, seed } = options;
  const job: PeerJob = {
    peer,
    directory: folder[peer],
    threads,
    memoryGb,
    type: 'load',
    root: folder.root,
    events,
    seed,
  };
  return runProgram<LoadReport>('peers/peer-process.ts', job);
}
