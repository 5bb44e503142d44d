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
};
