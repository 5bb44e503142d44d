import { EventLineParser } from '@arbor/engine/import/event-line-parser';
import { ImportColumnsWriter } from '@arbor/engine/import/import-columns';
import { NamesTeller } from '@arbor/engine/import/learned-names';
import { readLineBlocks } from '@arbor/runtime/line-file';
import { lineInsertId } from '@arbor/runtime/line-insert-id';
import { bulkLimits } from './bulk-limits.ts';
import { type ChunkWriterContext, writeChunk } from './chunk-writer.ts';

export interface ImportFileOptions {
  readonly file: string;
  /** Events of one commit, about. */
  readonly rowsMax: number;
  /** Of values known; those of `bulkLimits` without it. */
  readonly valueBytesMax?: number;
  readonly context: ChunkWriterContext;
  /** Ms UTC. */
  readonly clock: () => number;
  /** A line that ingestion must judge. */
  readonly onOdd: (line: number, text: string) => void;
  /** Waits until lines that were handed over are taken. */
  readonly drain: () => Promise<void>;
  /** `bytes` of the file were read, `events` committed. */
  readonly onProgress: (bytes: number, events: number) => void;
}

/** Imports the events of a file; answers how many it committed. */
export async function importFile(options: ImportFileOptions): Promise<number> {
  const run = new ImportRun(options);
  for await (const { bytes, readBytes } of readLineBlocks(options.file)) {
    run.take(bytes);
    await run.endBlock(readBytes);
  }
  return run.finish();
}

/**
 * Reads one chunk while the one before is written: two are in memory at most, and take turns in the same memory.
 */
class ImportRun {
  readonly #options: ImportFileOptions;
  readonly #parser: EventLineParser;
  readonly #teller: NamesTeller;
  /** Of the chunk that is read. */
  #columns: ImportColumnsWriter;
  /** Of the chunk that is written. */
  #written: ImportColumnsWriter;
  #line = 1;
  #now: number;
  /** Events of the commit in hand. */
  #rowsMax: number;
  #lastSequence = 0;
  #writing: Promise<void> = Promise.resolve();
  #committed = 0;

  constructor(options: ImportFileOptions) {
    this.#options = options;
    this.#parser = new EventLineParser({
      makeInsertId,
      lineBytesMax: bulkLimits.lineBytesMax,
      onOdd: (line, bytes) => options.onOdd(line, textOf(bytes)),
    });
    this.#teller = new NamesTeller(this.#parser);
    this.#columns = new ImportColumnsWriter(options.rowsMax);
    this.#written = new ImportColumnsWriter(options.rowsMax);
    this.#rowsMax = Math.ceil(options.rowsMax * bulkLimits.firstShare);
    this.#now = options.clock();
  }

  take(bytes: Uint8Array): void {
    this.#line = this.#parser.readLines({ bytes, line: this.#line, now: this.#now }, this.#columns);
  }

  async endBlock(bytes: number): Promise<void> {
    this.#now = this.#options.clock();
    if (this.#isFull()) await this.#write();
    else if (this.#knowsTooMuch()) this.#teller.forgetValues();
    await this.#options.drain();
    this.#options.onProgress(bytes, this.#committed);
  }

  async finish(): Promise<number> {
    await this.#write();
    await this.#writing;
    return this.#committed;
  }

  #isFull(): boolean {
    const { rowCount, values, insertIds } = this.#columns;
    return (
      rowCount >= this.#rowsMax ||
      values.length >= bulkLimits.valuesMax ||
      insertIds.length >= bulkLimits.insertIdBytesMax ||
      rowCount * this.#parser.propertyNames.list.length >= bulkLimits.cellsMax ||
      (rowCount > 0 && this.#knowsTooMuch())
    );
  }

  /** Odd lines teach values as well, also where a file has no others and nothing is ever written. */
  #knowsTooMuch(): boolean {
    const { valueBytesMax = bulkLimits.valueBytesMax } = this.#options;
    return this.#parser.valueBytes > valueBytesMax;
  }

  /** Waits for the chunk before, then writes this one behind its back. */
  async #write(): Promise<void> {
    const columns = this.#columns.written();
    this.#rowsMax = this.#options.rowsMax;
    const chunk = {
      columns,
      learned: this.#teller.learned(),
      users: usersAsOfNow(this.#parser),
      sequence: this.#nextSequence(),
    };
    if (this.#knowsTooMuch()) this.#teller.forgetValues();
    await this.#writing;
    if (columns.rowCount === 0) return;
    [this.#columns, this.#written] = [this.#written, this.#columns];
    this.#columns.clear();
    this.#writing = writeChunk(this.#options.context, chunk).then(() => {
      this.#committed += columns.rowCount;
    });
    // Awaited before the next chunk and at the end; a failure in between is not unhandled.
    this.#writing.catch(() => undefined);
  }

  /** As the edge numbers batches: ms × 1000, one more where two fall together. */
  #nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#options.clock() * 1000);
    return this.#lastSequence;
  }
}

/** The parser goes on learning users while a chunk is written: those of the chunk are the first so many. */
function usersAsOfNow(parser: EventLineParser) {
  const { users } = parser;
  return { count: users.count, text: (user: number): string => users.text(user) };
}

const makeInsertId = (line: number, bytes: Uint8Array): Uint8Array =>
  Buffer.from(lineInsertId(line, bytes), 'latin1');

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
