import { GrowableBytes } from '../../base/growable.ts';
import { insertIdForm } from '../constants.ts';
import {
  type ByteList,
  byteListOf,
  decodeByteList,
  encodeByteList,
  type KnownForms,
  sliceOf,
} from './byte-list.ts';
import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import type { WordReader, WordWriter } from './words.ts';

/**
 * An event that came without an insert id got one of Arbor (apps/api, batch-sender.ts):
 * sequence of its batch in base 36, "-", id of the process, ":", position in the batch. The row knows
 * its batch, so only the position must be written, and which of a few processes it was.
 */
interface MadeIds {
  /** By row: 0 = not of this kind, else 1 + place in `processes`. */
  readonly processOf: Uint32Array;
  readonly processes: readonly string[];
  /** Of the rows of this kind, in order. */
  readonly positions: Uint32Array;
}

const colon = 0x3a;
const zero = 0x30;
/** Longer numbers might not be what they were after a round trip through 32 bits. */
const positionDigitsMax = 9;
const processBytesMax = 64;
const processesMax = 4096;

/** What the rows of an event are, besides their ids. */
export interface IdRows {
  readonly batches: Uint32Array;
  readonly batchSequences: Float64Array;
  /** Of the ids of the whole segment. */
  readonly forms: KnownForms;
}

/**
 * Word 0: form. `texts`: a list of texts. `made`: word: number of processes; list of these; sequence: process by
 * row; word: number of rows of this kind; sequence: their positions; list of the ids of the other rows.
 */
export function encodeInsertIds(
  writer: WordWriter,
  ids: ByteList,
  { batches, batchSequences, forms }: IdRows,
): void {
  const made = findMade(ids, batches, batchSequences);
  if (made.positions.length * 2 < ids.ends.length) {
    writer.push(insertIdForm.texts);
    encodeByteList(writer, ids, forms);
    return;
  }
  writer.push(insertIdForm.made);
  writer.push(made.processes.length);
  encodeByteList(writer, byteListOf(made.processes));
  encodeSequence(writer, made.processOf);
  writer.push(made.positions.length);
  encodeSequence(writer, made.positions);
  encodeByteList(writer, rowsWhere(ids, made.processOf));
}

function findMade(ids: ByteList, batches: Uint32Array, batchSequences: Float64Array): MadeIds {
  const processOf = new Uint32Array(ids.ends.length);
  const positions = new Uint32Array(ids.ends.length);
  const places = new Map<string, number>();
  const buffer = Buffer.from(ids.bytes.buffer, ids.bytes.byteOffset, ids.bytes.byteLength);
  const prefixes = new Map<number, Uint8Array>();
  let count = 0;
  for (let row = 0; row < processOf.length; row++) {
    const start = row === 0 ? 0 : ids.ends[row - 1];
    const end = ids.ends[row];
    const split = colonBefore(ids.bytes, start, end);
    if (split < 0) continue;
    const prefix = prefixOf(prefixes, batchSequences, batches[row]);
    const processStart = start + prefix.length;
    if (split - processStart > processBytesMax || !startsWith(ids.bytes, start, split, prefix)) {
      continue;
    }
    const process = buffer.toString('latin1', processStart, split);
    let place = places.get(process);
    if (place === undefined) {
      if (places.size === processesMax || !isAsciiText(process)) continue;
      place = places.size;
      places.set(process, place);
    }
    processOf[row] = place + 1;
    positions[count++] = decimalOf(ids.bytes, split + 1, end);
  }
  return { processOf, processes: [...places.keys()], positions: positions.slice(0, count) };
}

/** Where the ":" stands that a number in its shortest form follows; −1 = nowhere. */
function colonBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && bytes[at] >= zero && bytes[at] <= zero + 9) at--;
  const digits = end - 1 - at;
  if (at <= start || bytes[at] !== colon || digits < 1 || digits > positionDigitsMax) return -1;
  return digits > 1 && bytes[at + 1] === zero ? -1 : at;
}

function decimalOf(bytes: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) number = number * 10 + bytes[at] - zero;
  return number;
}

function prefixOf(
  prefixes: Map<number, Uint8Array>,
  batchSequences: Float64Array,
  batch: number,
): Uint8Array {
  let prefix = prefixes.get(batch);
  if (prefix === undefined) {
    prefix = Buffer.from(`${batchSequences[batch].toString(36)}-`, 'latin1');
    prefixes.set(batch, prefix);
  }
  return prefix;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}

function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function rowsWhere(ids: ByteList, processOf: Uint32Array): ByteList {
  const pieces: Uint8Array[] = [];
  const ends: number[] = [];
  let end = 0;
  for (let row = 0; row < processOf.length; row++) {
    if (processOf[row] !== 0) continue;
    const { bytes } = sliceOf(ids, row, row + 1);
    pieces.push(bytes);
    end += bytes.length;
    ends.push(end);
  }
  return { bytes: Buffer.concat(pieces), ends: Uint32Array.from(ends) };
}

/** What ids of Arbor are put together from again; asked for only where there are any. */
export interface InsertIdContext {
  readonly rowCount: number;
  batches(): Uint32Array;
  batchSequences(): Float64Array;
}

/** Twin of `encodeInsertIds`. */
export function decodeInsertIds(reader: WordReader, context: InsertIdContext): ByteList {
  const form = reader.atMost(insertIdForm.made, 'form of insert ids');
  const list =
    form === insertIdForm.texts
      ? decodeByteList(reader, context.rowCount)
      : decodeMade(reader, context);
  reader.finish();
  return list;
}

function decodeMade(reader: WordReader, context: InsertIdContext): ByteList {
  const { rowCount } = context;
  const processes = decodeByteList(reader, reader.atMost(processesMax, 'number of processes'));
  const processOf = new Uint32Array(rowCount);
  decodeSequence(reader, processOf);
  const positions = new Uint32Array(reader.atMost(rowCount, 'number of positions'));
  decodeSequence(reader, positions);
  let madeCount = 0;
  for (let row = 0; row < rowCount; row++) {
    if (processOf[row] > processes.ends.length) {
      throw reader.corrupt(`process ${processOf[row]} is outside ${processes.ends.length}`);
    }
    if (processOf[row] !== 0) madeCount++;
  }
  if (madeCount !== positions.length) {
    throw reader.corrupt(`${positions.length} positions for ${madeCount} rows`);
  }
  const others = decodeByteList(reader, rowCount - madeCount);
  return putTogether({ processes, processOf, positions, others }, context);
}

function putTogether(
  {
    processes,
    processOf,
    positions,
    others,
  }: { processes: ByteList; processOf: Uint32Array; positions: Uint32Array; others: ByteList },
  context: InsertIdContext,
): ByteList {
  const batches = context.batches();
  const sequences = context.batchSequences();
  const prefixes = new Map<number, Uint8Array>();
  const target = new GrowableBytes();
  const ends = new Uint32Array(context.rowCount);
  let position = 0;
  let other = 0;
  for (let row = 0; row < ends.length; row++) {
    const process = processOf[row];
    if (process === 0) {
      target.append(others.bytes, other === 0 ? 0 : others.ends[other - 1], others.ends[other]);
      other++;
    } else {
      target.append(prefixOf(prefixes, sequences, batches[row]));
      target.append(
        processes.bytes,
        process === 1 ? 0 : processes.ends[process - 2],
        processes.ends[process - 1],
      );
      target.push(colon);
      appendDecimal(target, positions[position++]);
    }
    ends[row] = target.length;
  }
  return { bytes: target.array.slice(0, target.length), ends };
}

function appendDecimal(target: GrowableBytes, number: number): void {
  let scale = 1;
  while (scale * 10 <= number) scale *= 10;
  for (; scale >= 1; scale /= 10) target.push(zero + (Math.floor(number / scale) % 10));
}
