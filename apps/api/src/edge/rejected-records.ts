import { randomBytes } from 'node:crypto';
import type { IngestSource } from '@arbor/schema/ingest';
import type { RejectedEntry } from '@arbor/schema/live';
import { previewJson } from './json-preview.ts';
import type { RejectedSink } from './ports.ts';
import type { RecordProblem } from './record/record-problem.ts';

export interface RefusedRecord {
  /** Position in the request. */
  readonly index: number;
  readonly problem: RecordProblem;
  readonly raw: unknown;
}

/** Enough to see what is wrong; a page that fails a thousand times a second must not flood Live. */
const entriesPerSecondMax = 20;
/** Projects counted at the same time; the table is emptied when it grows past this. */
const projectsMax = 10_000;
const recordCharactersMax = 4096;

/** Hands refused records to the Live view of their project, at a bounded rate. */
export class RejectedRecords {
  #sink: RejectedSink;
  #processId = randomBytes(6).toString('hex');
  #count = 0;
  #second = 0;
  #shown = new Map<number, number>();

  constructor(sink: RejectedSink) {
    this.#sink = sink;
  }

  report(
    project: number,
    refused: readonly RefusedRecord[],
    { now, source }: { now: number; source: IngestSource },
  ): void {
    for (const record of refused) {
      const entry = (): RejectedEntry => this.#toEntry(record, { now, source });
      this.#sink.countRejected?.(project, { source, problem: record.problem, now, entry });
    }
    const room = this.#take(project, refused.length, now);
    if (room === 0) return;
    const entries = refused.slice(0, room).map((record) => this.#toEntry(record, { now, source }));
    this.#sink.publishRejected(project, entries);
  }

  #take(project: number, wanted: number, now: number): number {
    const second = Math.floor(now / 1000);
    if (second !== this.#second || this.#shown.size > projectsMax) this.#shown.clear();
    this.#second = second;
    const shown = this.#shown.get(project) ?? 0;
    const room = Math.min(wanted, entriesPerSecondMax - shown);
    this.#shown.set(project, shown + room);
    return room;
  }

  #toEntry(
    { problem, raw }: RefusedRecord,
    { now, source }: { now: number; source: IngestSource },
  ): RejectedEntry {
    return {
      kind: 'rejected',
      id: `rejected-${this.#processId}-${++this.#count}`,
      receivedAt: now,
      source,
      ...(problem.field === '' ? {} : { field: problem.field }),
      reason: problem.message,
      record: previewJson(raw, recordCharactersMax),
    };
  }
}
