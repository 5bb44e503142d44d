import { runProgram } from '../child-process.ts';
import type { PeerJob, QueryMeasure } from '../peers/peer.ts';
import { dropFromPageCache } from './process-usage.ts';
import type { Round } from './engine-times.ts';
import { median } from './median.ts';

/** Longer than any query of the set needs on 100 M events; what hangs is reported, not waited for. */
const timeoutMs = 900_000;

export type PeerPlace = Omit<PeerJob & { type: 'query' }, 'type' | 'sql' | 'warmRuns'>;

/** One process of a peer: the first run after it was opened, then `runs` warm ones. */
export async function peerRound(
  place: PeerPlace,
  sql: string,
  options: { cold: boolean; runs: number },
): Promise<Round> {
  if (options.cold) dropFromPageCache(place.directory);
  const job: PeerJob = { ...place, type: 'query', sql, warmRuns: options.runs };
  const measured = await runProgram<QueryMeasure>('peers/peer-process.ts', job, { timeoutMs });
  return { ...measured, coldMs: options.cold ? measured.coldMs : null };
}

/** Which of several forms of a question this peer answers fastest; every form has one warm run. */
export async function fastestForm(place: PeerPlace, forms: readonly string[]): Promise<number> {
  if (forms.length === 1) return 0;
  const times: number[] = [];
  for (const sql of forms) {
    const { warmMs } = await peerRound(place, sql, { cold: false, runs: 2 });
    times.push(median(warmMs));
  }
  return times.indexOf(Math.min(...times));
}
