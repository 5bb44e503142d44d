import { limits } from '@arbor/schema/limits';
import type { EdgeOptions } from './ports.ts';

export const defaultEdgeOptions: EdgeOptions = {
  requestBytesMax: limits.requestBytesMax,
  pathPrefixes: [],
  sdkPaths: [],
  // Long enough to share one Redis round trip and fsync among the requests of a busy project, short
  // against the second in which an event must be queryable.
  batchDelayMs: 8,
  batchRecordsMax: 1000,
  batchBytesMax: 512 * 1024,
  // A few dozen of the largest requests: memory stays bounded while Redis is slow.
  waitingBytesMax: 256 * 1024 * 1024,
  // A restart of Redis takes about this long. Waiting it out spares clients that never retry.
  producerPatienceMs: 2000,
  // ingestion-api.md 3.5: 30,000 events/s and 2 GB of JSON a minute.
  projectEventsPerMinuteMax: 1_800_000,
  projectBytesPerMinuteMax: 2 * 1024 * 1024 * 1024,
  // An eighteenth of a project's quota: more than all visitors behind one address of a large network send, less than a
  // page in a loop.
  addressRecordsPerMinuteMax: 100_000,
  addressBytesPerMinuteMax: 128 * 1024 * 1024,
  redirectHosts: [],
  // Two whole requests of /import at once; ten such projects are half of what a small machine takes.
  lightRecordsBurst: 4000,
  lightRecordsPerSecond: 1000,
  // One request of /import at least; at most what the largest machines take in a second.
  heavyRecordsMin: 2000,
  heavyRecordsMax: 200_000,
  // A fifth of the five seconds in which events must be queryable while others send at the limit.
  heavyBehindMsMax: 1000,
  // Together with the second that the lane may be behind below the five seconds in which what is accepted must be queryable;
  // browsers keep what is turned away and come back.
  heldLiveMsMax: 3000,
  // A burst waits for its turn; where more comes than is taken for longer, who comes then is told so at once.
  jammedLiveMs: 1000,
  // Scripts that send 50 requests at once, of events or profiles, are slowed down, not turned away: some come back at once and
  // give up after ten times. Below the 30 s after which clients and proxies stop waiting.
  heldBulkMsMax: 20_000,
  heldBytesPerProjectMax: 64 * 1024 * 1024,
};
