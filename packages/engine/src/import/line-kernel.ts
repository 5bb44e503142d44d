import { EngineError } from '../base/errors.ts';
import { eventLinesWasm } from './event-lines-wasm.ts';
import type { ImportColumns } from './import-columns.ts';

/**
 * What is used of the global of every JavaScript engine that compiles WebAssembly: the types of Node leave it to those
 * of browsers.
 */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

/**
 * What reading lines needs JavaScript for: all that is seen for the first time, and what must be judged. Tokens are given
 * as places in the block of lines, `first` and `last` (exclusive), strings without their quotes.
 */
export interface LineHost {
  /** Code of a value, by property * 2 + (1 = it is a string); 0 = ingestion must judge it. */
  learnValue(first: number, last: number, owner: number): number;
  /** The node of `node` with the member of this name, described to the kernel by now; 0 = ingestion must judge it. */
  learnMember(node: number, first: number, last: number): number;
  /** 1 + number of the event of this name; 0 = ingestion must judge it. */
  learnEvent(first: number, last: number): number;
  /** 0 = an id that ingestion must judge, 1 = one that has the next number from now on, 2 = so, and one of a device. */
  learnUser(first: number, last: number): number;
  /** A time that is no whole number in its usual form, ms UTC; −1 = ingestion must judge it. */
  readTime(first: number, last: number): number;
  isForbiddenId(first: number, last: number): boolean;
  /** The insert id of the line [start, end) that brings none. */
  makeInsertId(line: number, start: number, end: number): Uint8Array;
  /** Leaves the line that begins at `start` to ingestion; answers the place of its newline, or of the end. */
  leaveLine(line: number, start: number): number;
}

export interface KernelLimits {
  readonly lineBytesMax: number;
  /** First time that is taken, ms UTC. */
  readonly timeMsMin: number;
}

/** A block of whole lines. */
export interface KernelBlock {
  readonly bytes: Uint8Array;
  /** Number of the first line. */
  readonly line: number;
  /** Ms UTC: later times are odd. */
  readonly now: number;
  /** How many values and bytes of insert ids stand before those of the block: its columns begin there. */
  readonly valueBase: number;
  readonly insertIdBase: number;
}

/** Exports of wasm/event-lines.ts; addresses are signed. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(lineBytesMax: number, timeMsMin: number): void;
  room(bytes: number): number;
  readLines(
    address: number,
    bytes: number,
    line: number,
    now: number,
    valueBase: number,
    insertIdBase: number,
  ): number;
  writtenRows(): number;
  describeNode(node: number, property: number, kind: number): void;
  forgetValues(): void;
  valueBytes(): number;
}

/**
 * The tokenizer of an import in WebAssembly, with tables of all tokens that it met: 0.35 µs a line of 330 bytes and twelve
 * members, a third of what the same loop takes in JavaScript.
 */
export class LineKernel {
  readonly #exports: Exports;

  constructor(host: LineHost, { lineBytesMax, timeMsMin }: KernelLimits) {
    const module = new WebAssembly.Module(Buffer.from(eventLinesWasm, 'base64'));
    const imports = {
      host: {
        learnValue: host.learnValue.bind(host),
        learnMember: host.learnMember.bind(host),
        learnEvent: host.learnEvent.bind(host),
        learnUser: host.learnUser.bind(host),
        readTime: host.readTime.bind(host),
        isForbiddenId: host.isForbiddenId.bind(host),
        makeInsertId: (line: number, start: number, end: number, target: number): number => {
          const id = host.makeInsertId(line >>> 0, start, end);
          new Uint8Array(this.#exports.memory.buffer).set(id, target >>> 0);
          return id.length;
        },
        leaveLine: (line: number, start: number): number => host.leaveLine(line >>> 0, start),
        outOfMemory,
      },
    };
    // The compiler wrote these exports: event-lines-wasm.test.ts compiles the source again.
    this.#exports = new WebAssembly.Instance(module, imports).exports as Exports;
    this.#exports.begin(lineBytesMax, timeMsMin);
  }

  /** Memory that values take. */
  get valueBytes(): number {
    return this.#exports.valueBytes() >>> 0;
  }

  forgetValues(): void {
    this.#exports.forgetValues();
  }

  /** Says of a node of the shapes what its last member is. */
  describeNode(node: number, property: number, kind: number): void {
    this.#exports.describeNode(node, property, kind);
  }

  /** The rows of the lines, as views that hold until the next call, and the number of the line that follows. */
  read({ bytes, line, now, valueBase, insertIdBase }: KernelBlock): {
    rows: ImportColumns;
    nextLine: number;
  } {
    const kernel = this.#exports;
    const { length } = bytes;
    const address = kernel.room(length);
    new Uint8Array(kernel.memory.buffer).set(bytes, address >>> 0);
    const nextLine = kernel.readLines(address, length, line, now, valueBase, insertIdBase) >>> 0;
    return { rows: this.#written(), nextLine };
  }

  #written(): ImportColumns {
    const kernel = this.#exports;
    const { buffer } = kernel.memory;
    const written = new Uint32Array(buffer, kernel.writtenRows() >>> 0, 11);
    const [rowCount, valueCount, insertIdBytes] = written;
    const column = (place: number, length: number): Uint32Array =>
      new Uint32Array(buffer, written[place], length);
    return {
      rowCount,
      times: new Float64Array(buffer, written[3], rowCount),
      events: column(4, rowCount),
      users: column(5, rowCount),
      shapes: column(6, rowCount),
      valueStarts: column(7, rowCount),
      insertIdEnds: column(8, rowCount),
      values: column(9, valueCount),
      insertIdBytes: new Uint8Array(buffer, written[10], insertIdBytes),
    };
  }
}

function outOfMemory(bytes: number): never {
  throw new EngineError(
    'IMPORT_TOO_LARGE',
    `the users and values of the file take more than 4 GB of memory, of which ${bytes >>> 0} bytes were wanted next: cut the file into parts`,
  );
}
