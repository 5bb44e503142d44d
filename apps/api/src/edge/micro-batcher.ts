import type { IngestRecord, IngestSource } from '@arbor/schema/ingest';
import type { BatchContent, BatchSender } from './batch-sender.ts';
import type { EdgeOptions, IngestQueue } from './ports.ts';

export interface Submission {
  readonly project: number;
  readonly source: IngestSource;
  /** At least one; handed over. */
  readonly records: IngestRecord[];
  /** Of the request that brought them, near enough. */
  readonly bytes: number;
}

interface OpenBatch {
  readonly content: BatchContent;
  readonly done: Promise<void>;
  readonly settle: (sent: Promise<void>) => void;
  timer: NodeJS.Timeout;
  bytes: number;
  /** Its delay is over, and it waits only for those before it. */
  isDue: boolean;
}

type Bounds = Pick<EdgeOptions, 'batchDelayMs' | 'batchRecordsMax' | 'batchBytesMax'>;

/**
 * Batches of a project that are on their way to Redis before another one that is not full waits for one of them: when much
 * comes, jobs get larger instead of more, and each costs a dozen round trips and syncs until its rows are stored.
 */
const underWayMax = 2;
/** It waits no longer: what Redis does not take in this time must not hold up what is behind it. */
const dueMsMax = 50;

/**
 * Joins the requests of a project that arrive within a few ms into one job, so that a thousand small
 * clients cost one round trip and one fsync of Redis instead of a thousand.
 *
 * Invariant: a request is never split over two batches. Its records are durable all or none, and
 * sending it again after a 503 cannot double a part of it.
 */
export class MicroBatcher {
  #sender: BatchSender;
  #clock: () => number;
  #bounds: Bounds;
  #open = new Map<string, OpenBatch>();
  /** Batches that are on their way, by the same keys. */
  #underWay = new Map<string, number>();
  #sending = new Set<Promise<void>>();
  #waitingBytes = 0;
  #isClosing = false;

  constructor(options: { sender: BatchSender; clock: () => number; bounds: Bounds }) {
    this.#sender = options.sender;
    this.#clock = options.clock;
    this.#bounds = options.bounds;
  }

  /** Bytes of requests that were not answered yet, bulk included; the edge bounds them. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves once the records are durable; rejects with `EdgeFailure`. */
  async submit(submission: Submission): Promise<void> {
    this.#waitingBytes += submission.bytes;
    try {
      await this.#join(submission);
    } finally {
      this.#waitingBytes -= submission.bytes;
    }
  }

  /** The same for a request of `/import`, which is large enough to be a job of its own. */
  async submitWhole(queue: IngestQueue, { bytes, ...rest }: Submission): Promise<void> {
    this.#waitingBytes += bytes;
    try {
      await this.#track(this.#sender.send({ queue, receivedAt: this.#clock(), ...rest }));
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  /**
   * Sends what is waiting, from now on everything at once, and returns when nothing is under way any
   * more. Called when the server begins to close, for it waits for requests that wait for this; and
   * again at its end.
   */
  async drain(): Promise<void> {
    this.#isClosing = true;
    for (const key of this.#open.keys()) this.#flush(key);
    await Promise.allSettled(this.#sending);
  }

  #join({ project, source, records, bytes }: Submission): Promise<void> {
    const key = `${project}/${source}`;
    let batch = this.#open.get(key);
    if (batch !== undefined && !this.#fits(batch, records.length, bytes)) {
      this.#flush(key);
      batch = undefined;
    }
    batch ??= this.#start(key, { project, source });
    for (const record of records) batch.content.records.push(record);
    batch.bytes += bytes;
    if (this.#isClosing || !this.#fits(batch, 1, 0)) this.#flush(key);
    return batch.done;
  }

  #fits(batch: OpenBatch, recordCount: number, bytes: number): boolean {
    return (
      batch.content.records.length + recordCount <= this.#bounds.batchRecordsMax &&
      batch.bytes + bytes <= this.#bounds.batchBytesMax
    );
  }

  #start(key: string, { project, source }: Pick<Submission, 'project' | 'source'>): OpenBatch {
    let settle: OpenBatch['settle'] = () => {};
    const done = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const batch: OpenBatch = {
      content: { queue: 'live', project, source, receivedAt: this.#clock(), records: [] },
      done,
      settle,
      timer: setTimeout(() => this.#flushDue(key), this.#bounds.batchDelayMs),
      bytes: 0,
      isDue: false,
    };
    this.#open.set(key, batch);
    return batch;
  }

  /** The delay of a batch is over: it goes, unless there are enough before it. */
  #flushDue(key: string): void {
    const batch = this.#open.get(key);
    if (batch === undefined) return;
    if ((this.#underWay.get(key) ?? 0) < underWayMax) return this.#flush(key);
    batch.isDue = true;
    batch.timer = setTimeout(() => this.#flush(key), dueMsMax);
  }

  #flush(key: string): void {
    const batch = this.#open.get(key);
    if (batch === undefined) return;
    this.#open.delete(key);
    clearTimeout(batch.timer);
    batch.settle(this.#track(this.#send(key, batch.content)));
  }

  async #send(key: string, content: BatchContent): Promise<void> {
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    try {
      await this.#sender.send(content);
    } finally {
      const left = (this.#underWay.get(key) ?? 1) - 1;
      if (left > 0) this.#underWay.set(key, left);
      else this.#underWay.delete(key);
      if (this.#open.get(key)?.isDue === true) this.#flush(key);
    }
  }

  #track(sent: Promise<void>): Promise<void> {
    this.#sending.add(sent);
    const forget = (): void => {
      this.#sending.delete(sent);
    };
    // Both ways, so that this branch of the promise never counts as an unhandled rejection.
    sent.then(forget, forget);
    return sent;
  }
}
