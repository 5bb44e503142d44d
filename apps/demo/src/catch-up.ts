import { demoProject } from '@arbor/demo-world/demo-project';
import { addDays, dayOf, dayStart } from '@arbor/demo-world/local-day';
import type { DayChunk } from '@arbor/demo-world/record';
import { createWorld } from '@arbor/demo-world/world';
import type { Customer } from './customer.ts';
import { sendChunk } from './load-history.ts';
import { pause } from './pause.ts';
import type { DemoProgress } from './progress-file.ts';

/** A shorter break is not worth playing the world again. */
const gapMin = 10 * 60_000;

/**
 * Plays what happened in the shop since it was last heard of: the part of today before now at the first
 * start, the days the stack was off at a later one. So the charts never end in the past.
 */
export async function catchUp(options: {
  progress: DemoProgress;
  customer: Customer;
  save: (progress: DemoProgress) => Promise<void>;
  now: number;
  signal: AbortSignal;
  world?: typeof createWorld;
}): Promise<DemoProgress> {
  const { progress, customer, save, now, signal, world = createWorld } = options;
  const { seed, endDay } = progress;
  const from = progress.coveredUntil ?? dayStart(addDays(endDay, 1), demoProject.timezone);
  if (now - from >= gapMin) {
    const untilDay = dayOf(now, demoProject.timezone);
    for (const chunk of world({ seed, endDay, untilDay })) {
      // Days that are over are played without a request: let signals and health checks in between.
      await pause(0, signal);
      const part = cut(chunk, { from, now });
      if (part.events.length > 0) await sendChunk(part, customer);
    }
  }
  const caughtUp = { ...progress, coveredUntil: Math.max(from, now) };
  await save(caughtUp);
  return caughtUp;
}

/** What of a day lies in [from, now). A profile counts when it was last changed in that time. */
function cut(chunk: DayChunk, { from, now }: { from: number; now: number }): DayChunk {
  const within = (time: number): boolean => time >= from && time < now;
  return {
    day: chunk.day,
    events: chunk.events.filter(({ properties }) => within(properties.time)),
    people: chunk.people.filter(({ $time }) => within($time)),
  };
}
