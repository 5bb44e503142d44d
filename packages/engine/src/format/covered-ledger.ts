import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * Batches with updates of people that lie in people files, by (sequence, mark): the part of a covered file that is
 * never forgotten (FORMAT-FILES.md 4.1). An update without an insert id that is applied twice shows for ever, where a
 * copy of an event is found by its duplicate key. Some 10 bytes a batch; readers fetch the section they need.
 */
export interface Ledger {
  /** Ascending. */
  readonly sequences: Float64Array;
  /** `markOf` of each batch, one after the other; ascending by bytes where sequences are equal. */
  readonly marks: Uint8Array;
}

/** A section of a ledger, without its batches. */
export interface LedgerSection {
  readonly count: number;
  /** Sequence of the first batch. */
  readonly first: number;
}

export const markBytes = 8;
/** 40 to 64 KB: what a look-up reads. */
const batchesASection = 4096;

export const emptyLedger: Ledger = { sequences: new Float64Array(0), marks: new Uint8Array(0) };

/** The beginning of a batch's digest: batches of one sequence come from different processes, so they are very few. */
export function markOf(digest: Uint8Array): Uint8Array {
  return digest.subarray(0, markBytes);
}

export function ledgerOf(
  batches: readonly { readonly sequence: number; readonly mark: Uint8Array }[],
): Ledger {
  const sorted = [...batches].sort(
    (batch, other) => batch.sequence - other.sequence || Buffer.compare(batch.mark, other.mark),
  );
  return {
    sequences: Float64Array.from(sorted, ({ sequence }) => sequence),
    marks: Buffer.concat(sorted.map(({ mark }) => mark)),
  };
}

/** All batches of both, each once. */
export function mergeLedgers(ledger: Ledger, other: Ledger): Ledger {
  const total = ledger.sequences.length + other.sequences.length;
  const sequences = new Float64Array(total);
  const marks = new Uint8Array(total * markBytes);
  let count = 0;
  const push = (from: Ledger, i: number): void => {
    sequences[count] = from.sequences[i];
    marks.set(markAt(from, i), count++ * markBytes);
  };
  let k = 0;
  for (let i = 0; i < ledger.sequences.length; i++) {
    const mark = markAt(ledger, i);
    while (k < other.sequences.length && compareAt(other, k, ledger.sequences[i], mark) < 0) {
      push(other, k++);
    }
    const isSame =
      k < other.sequences.length && compareAt(other, k, ledger.sequences[i], mark) === 0;
    if (isSame) k++;
    push(ledger, i);
  }
  while (k < other.sequences.length) push(other, k++);
  return { sequences: sequences.slice(0, count), marks: marks.slice(0, count * markBytes) };
}

export function isInLedger(ledger: Ledger, sequence: number, mark: Uint8Array): boolean {
  let low = 0;
  let high = ledger.sequences.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(ledger, middle, sequence, mark) < 0) low = middle + 1;
    else high = middle;
  }
  return low < ledger.sequences.length && compareAt(ledger, low, sequence, mark) === 0;
}

/** Its sections, and what the head of the file says of each. */
export function encodeLedger(ledger: Ledger): (LedgerSection & { readonly bytes: Uint8Array })[] {
  const sections: (LedgerSection & { readonly bytes: Uint8Array })[] = [];
  const { sequences } = ledger;
  for (let start = 0; start < sequences.length;) {
    const writer = new ByteWriter(batchesASection * 12);
    let end = start;
    while (end < sequences.length && end - start < batchesASection) {
      const step = end === start ? 0 : sequences[end] - sequences[end - 1];
      // Steps are varints: beyond one goes another section.
      if (!Number.isSafeInteger(step)) break;
      writer.varint(step);
      writer.bytes(markAt(ledger, end++));
    }
    sections.push({ count: end - start, first: sequences[start], bytes: writer.written });
    start = end;
  }
  return sections;
}

/** Throws `CORRUPT_FILE`. */
export function decodeLedgerSection(reader: ByteReader, { count, first }: LedgerSection): Ledger {
  if (count * (markBytes + 1) > reader.remaining) {
    throw reader.corrupt(`${count} batches do not fit ${reader.remaining} bytes`);
  }
  const sequences = new Float64Array(count);
  const marks = new Uint8Array(count * markBytes);
  let sequence = first;
  for (let i = 0; i < count; i++) {
    sequence += reader.varint();
    sequences[i] = sequence;
    const at = reader.skip(markBytes);
    marks.set(reader.bytes.subarray(at, at + markBytes), i * markBytes);
  }
  reader.finish();
  return { sequences, marks };
}

function markAt({ marks }: Ledger, i: number): Uint8Array {
  return marks.subarray(i * markBytes, (i + 1) * markBytes);
}

function compareAt(ledger: Ledger, i: number, sequence: number, mark: Uint8Array): number {
  return ledger.sequences[i] - sequence || Buffer.compare(markAt(ledger, i), mark);
}
