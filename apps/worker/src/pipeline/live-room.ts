import { workerLimits } from '../limits.ts';

interface Bucket {
  left: number;
  at: number;
}

/**
 * How many records of a project Live is shown: all of those who send what somebody could follow, and of others so many a
 * second. The stream holds a few thousand, so more would only push each other out, at a cost for each record.
 */
export class LiveRoom {
  readonly #clock: () => number;
  readonly #buckets = new Map<number, Bucket>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Of so many records the first that are shown; what was taken comes back with time. */
  take(project: number, records: number): number {
    const {
      liveRecordsPerSecond: perSecond,
      liveRecordsBurst: burst,
      liveProjectsMax,
    } = workerLimits;
    const now = this.#clock();
    let bucket = this.#buckets.get(project);
    if (bucket === undefined) {
      if (this.#buckets.size >= liveProjectsMax) this.#buckets.clear();
      this.#buckets.set(project, (bucket = { left: burst, at: now }));
    }
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    const taken = Math.min(records, Math.floor(bucket.left));
    bucket.left -= taken;
    return taken;
  }
}
