import { createWorld } from '@arbor/demo-world/world';
import type { DayChunk } from '@arbor/demo-world/record';
import type { Customer } from './customer.ts';
import { pause } from './pause.ts';
import type { DemoProgress } from './progress-file.ts';

/**
 * Sends the days of the history that are still missing, oldest first, each one only after the API has
 * taken the day before. That order is what identity needs: a stranger is seen before the log-in.
 */
export async function loadHistory(options: {
  progress: DemoProgress;
  customer: Customer;
  save: (progress: DemoProgress) => Promise<void>;
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
  world?: Iterable<DayChunk>;
  days?: number;
}): Promise<DemoProgress> {
  const { customer, save, onProgress, signal, days = 90 } = options;
  let { progress } = options;
  const { seed, endDay } = progress;
  if (progress.daysLoaded >= days) return progress;
  const world = options.world ?? createWorld({ seed, endDay, days });
  onProgress(progress.daysLoaded, days);
  let dayIndex = 0;
  for (const chunk of world) {
    await pause(0, signal);
    if (dayIndex++ < progress.daysLoaded) continue;
    await sendChunk(chunk, customer);
    progress = { ...progress, daysLoaded: dayIndex };
    await save(progress);
    onProgress(dayIndex, days);
  }
  return progress;
}

export async function sendChunk(chunk: DayChunk, customer: Customer): Promise<void> {
  await customer.importEvents(chunk.events);
  await customer.updatePeople(chunk.people);
}
