import path from 'node:path';
import type { ArborStack } from '../arbor/arbor-stack.ts';
import type { Row } from '../peers/peer.ts';
import type { Question } from '../queries/query-set.ts';
import type { Round } from './engine-times.ts';
import { warmUp } from './warm-up.ts';
import { cpuMsOf, dropFromPageCache, memoryOf, resetPeak } from './process-usage.ts';

/**
 * Asks Arbor once cold (a new storage process whose files the system has forgotten) or once unmeasured, then
 * `runs` times with everything decoded that it keeps and the kernels compiled.
 */
export async function arborRound(
  stack: ArborStack,
  question: Question,
  options: { cold: boolean; runs: number; dataDir: string },
): Promise<Round> {
  const { query, filters } = question;
  const ask = query.ask(filters);
  if (options.cold) {
    await stack.restartStorage();
    dropFromPageCache(path.join(options.dataDir, 'objects'));
  }
  const first = await stack.ask(ask);
  await warmUp(() => stack.ask(ask));
  const pid = stack.storagePid;
  resetPeak(pid);
  const warmMs: number[] = [];
  const cpuMs: number[] = [];
  let rows: Row[] = query.rowsOf(first.answer.result);
  for (let run = 0; run < options.runs; run++) {
    const cpu = cpuMsOf(pid);
    const { ms, answer } = await stack.ask(ask);
    warmMs.push(ms);
    cpuMs.push(cpuMsOf(pid) - cpu);
    rows = query.rowsOf(answer.result);
  }
  const peakMemoryMb = memoryOf(pid)?.peakMb ?? null;
  const cacheMb = await stack.columnCacheMb();
  return {
    coldMs: options.cold ? first.ms : null,
    warmMs,
    cpuMs,
    peakMemoryMb,
    ...(peakMemoryMb === null || cacheMb === undefined
      ? {}
      : { ownMemoryMb: peakMemoryMb - cacheMb }),
    rows,
  };
}
