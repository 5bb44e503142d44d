import { randomBytes } from 'node:crypto';
import { noProject } from '@arbor/schema/cluster';
import type { IngestSource } from '@arbor/schema/ingest';
import type { RejectedEntry } from '@arbor/schema/live';
import { previewJson } from './json-preview.ts';
import type { RejectedSink } from './ports.ts';
import { RecordProblem } from './record/record-problem.ts';

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
/** Of a token of nobody: enough to know one's own by, and no more, for what was pasted there may be a secret. */
const tokenCharactersShown = 8;

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

  /**
   * Keeps which tokens of no project were sent, and by which site, so that "Connect" can name the cause (`ux.md` UX-O6). Their
   * sender is not told (`ingestion-api.md` 2.1), and nothing of what they sent is kept: it is somebody's, nobody knows whose.
   */
  reportUnknown(
    tokens: ReadonlySet<string>,
    { origin, ...by }: { now: number; source: IngestSource; origin: string },
  ): void {
    const from = origin === '' ? '' : `, sent by "${origin}"`;
    const refused = [...tokens].map((token, index) => {
      const shown =
        token.length > tokenCharactersShown ? `${token.slice(0, tokenCharactersShown)}…` : token;
      const text = `no project has the token "${shown}"${from}`;
      return { index, problem: new RecordProblem('invalid', 'token', text), raw: {} };
    });
    for (const record of refused) {
      const entry = (): RejectedEntry => this.#toEntry(record, by);
      this.#sink.countRejected?.(noProject, { ...by, problem: record.problem, entry });
    }
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
