import { limits } from '@arbor/schema/limits';
import type { ImportRecord } from './records.ts';

/** Records of one kind that go in one request, in the order of the file. */
export type ImportBatch = {
  readonly kind: 'event' | 'person';
  readonly lines: readonly number[];
  readonly records: readonly string[];
};

/** Brackets and commas of the array are on top of the records, so a little less than the endpoint takes. */
const bytesMax = limits.requestBytesMax - 64 * 1024;

/** Groups records as they come; refused ones are handed to `onRefused` and go nowhere. */
export async function* batchRecords(
  records: AsyncIterable<ImportRecord>,
  onRefused: (line: number, reason: string) => void,
): AsyncGenerator<ImportBatch> {
  const open = { event: new OpenBatch('event'), person: new OpenBatch('person') };
  for await (const record of records) {
    if (record.kind === 'refused') {
      onRefused(record.line, record.reason);
      continue;
    }
    const batch = open[record.kind];
    const bytes = Buffer.byteLength(record.json) + 1;
    if (batch.isFullWith(bytes)) yield batch.take();
    batch.add(record.line, record.json, bytes);
  }
  for (const batch of [open.event, open.person]) if (!batch.isEmpty) yield batch.take();
}

class OpenBatch {
  #kind: 'event' | 'person';
  #lines: number[] = [];
  #records: string[] = [];
  #bytes = 0;

  constructor(kind: 'event' | 'person') {
    this.#kind = kind;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  isFullWith(bytes: number): boolean {
    if (this.isEmpty) return false;
    return this.#records.length >= limits.recordsPerRequestMax || this.#bytes + bytes > bytesMax;
  }

  add(line: number, record: string, bytes: number): void {
    this.#lines.push(line);
    this.#records.push(record);
    this.#bytes += bytes;
  }

  take(): ImportBatch {
    const batch = { kind: this.#kind, lines: this.#lines, records: this.#records };
    this.#lines = [];
    this.#records = [];
    this.#bytes = 0;
    return batch;
  }
}

/** Two halves of a batch that the endpoint found too large. */
export function halve(batch: ImportBatch): [ImportBatch, ImportBatch] {
  const middle = Math.ceil(batch.records.length / 2);
  const part = (from: number, to: number): ImportBatch => ({
    kind: batch.kind,
    lines: batch.lines.slice(from, to),
    records: batch.records.slice(from, to),
  });
  return [part(0, middle), part(middle, batch.records.length)];
}
