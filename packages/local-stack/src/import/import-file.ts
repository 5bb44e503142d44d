import { OpenLines } from './open-lines.ts';
import { batchRecords, type ImportBatch } from './batches.ts';
import { readFileRecords, type ReadOptions } from './read-file.ts';
import type { ImportRecord } from './records.ts';
import { sendBatch, type Refusal, type SenderOptions } from './sender.ts';

export type ImportReport = {
  readonly events: number;
  readonly people: number;
  /** In the order of the file. */
  readonly refused: readonly Refusal[];
};

export type SendOptions = SenderOptions & {
  readonly token: string;
  readonly inFlight: number;
  /** Told of the first line of which it is not known yet that it was answered: where an import can go on. */
  readonly onAnsweredTo?: (line: number) => void;
};

/** Sends a whole file. */
export function importFile(
  file: string,
  options: SendOptions & ReadOptions,
): Promise<ImportReport> {
  return sendRecords(readFileRecords(file, options), options);
}

/**
 * Sends records as they come. Batches of events overlap, `inFlight` at most; batches of people go one after
 * the other, because the last write to a person's property wins.
 */
export async function sendRecords(
  records: AsyncIterable<ImportRecord>,
  options: SendOptions,
): Promise<ImportReport> {
  const counts = { event: 0, person: 0 };
  const refused: Refusal[] = [];
  const open = new OpenLines();
  const send = async (batch: ImportBatch): Promise<void> => {
    open.sending(batch);
    const result = await sendBatch(batch, options);
    open.answered(batch);
    options.onAnsweredTo?.(open.first());
    counts[batch.kind] += result.accepted;
    refused.push(...result.refused);
  };
  const lane = new BoundedLane(options.inFlight);
  let people: Promise<void> = Promise.resolve();
  const batches = batchRecords(open.of(records), (line, reason) => refused.push({ line, reason }));
  for await (const batch of batches) {
    if (batch.kind === 'event') {
      await lane.run(() => send(batch));
    } else {
      await people;
      people = send(batch);
      // Awaited before the next batch of people and at the end; a failure in between is not unhandled.
      people.catch(() => {});
    }
  }
  await Promise.all([people, lane.drain()]);
  return {
    events: counts.event,
    people: counts.person,
    refused: refused.toSorted((a, b) => a.line - b.line),
  };
}

/** At most so many promises at once; the first failure is thrown to whoever comes next. */
class BoundedLane {
  #slots: number;
  #running = new Set<Promise<void>>();
  #failures: unknown[] = [];

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Resolves when the work has begun. */
  async run(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#slots) await Promise.race(this.#running);
    this.#throwFailure();
    const running = work().catch((error: unknown) => {
      this.#failures.push(error);
    });
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  async drain(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
