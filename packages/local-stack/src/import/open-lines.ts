import type { ImportBatch } from './batches.ts';
import type { ImportRecord } from './records.ts';

type Kind = ImportBatch['kind'];

/** Which lines were read and not answered yet: kinds of records and requests overtake one another. */
export class OpenLines {
  /** By kind: the first record that is in no request yet, and the last one read. */
  readonly #unsent = new Map<Kind, { first: number; last: number }>();
  readonly #sent = new Set<ImportBatch>();
  #next = 1;

  /** The records, each noted as it passes. */
  async *of(records: AsyncIterable<ImportRecord>): AsyncGenerator<ImportRecord> {
    for await (const record of records) {
      const { kind, line } = record;
      this.#next = line + 1;
      if (kind !== 'refused') {
        this.#unsent.set(kind, { first: this.#unsent.get(kind)?.first ?? line, last: line });
      }
      yield record;
    }
  }

  sending(batch: ImportBatch): void {
    this.#sent.add(batch);
    const { last = 0 } = this.#unsent.get(batch.kind) ?? {};
    // A record that did not fit any more was read before the request was made.
    if (last > (batch.lines.at(-1) ?? 0)) this.#unsent.set(batch.kind, { first: last, last });
    else this.#unsent.delete(batch.kind);
  }

  answered(batch: ImportBatch): void {
    this.#sent.delete(batch);
  }

  /** The first line that is open; the one after all that were read where none is. */
  first(): number {
    const unsent = [...this.#unsent.values()].map(({ first }) => first);
    const sent = [...this.#sent].map(({ lines }) => lines[0] ?? 0);
    return Math.min(this.#next, ...unsent, ...sent);
  }
}
