import { rejectedStreamEntriesMax, rejectedStreamKey } from '@arbor/schema/cluster';
import type { RejectedEntry } from '@arbor/schema/live';
import type { ChainableCommander } from 'ioredis';
import { hoursKeptSeconds } from './count-keys.ts';
import { liveField } from './live-stream.ts';

/** Adds an entry to those that are kept of a project; the oldest ones go for number and for age. */
export function keepRefused(
  pipeline: ChainableCommander,
  project: number,
  entry: RejectedEntry,
): void {
  const key = rejectedStreamKey(project);
  const text = JSON.stringify(entry);
  pipeline.xadd(key, 'MAXLEN', '~', rejectedStreamEntriesMax, '*', liveField, text);
  pipeline.xtrim(key, 'MINID', '~', entry.receivedAt - hoursKeptSeconds * 1000);
  pipeline.expire(key, hoursKeptSeconds);
}
