import { must } from '../../base/assert.ts';
import { engineLimits } from '../../base/limits.ts';
import { textForm } from '../constants.ts';
import { sealBytes } from './block.ts';
import { decodeShapes, encodeShapes } from './byte-shapes.ts';
import { rangeOf } from './codec/sequence-stats.ts';
import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import { type WordReader, WordWriter } from './words.ts';

/** Texts as UTF-8: text i is bytes[ends[i − 1], ends[i]). */
export interface ByteList {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Longer lists are tried out on their first texts. */
const trialMax = 256;

/** With more bytes for one of the block a reader takes the list for a forgery. */
const expansionMax = 1024;

type Encoder = (list: ByteList) => WordWriter | null;

const encoders: readonly Encoder[] = [encodePlain, encodePrefixed, encodeShaped];

/**
 * Word 0: form, then what it asks for, in the form that is the smallest after compression. How many
 * texts there are is not written.
 */
export function encodeByteList(writer: WordWriter, list: ByteList, known?: KnownForms): void {
  const isLong = list.ends.length > trialMax;
  if (isLong) {
    const encode = (known ?? new KnownForms()).formOf(list);
    writer.append(encode(list) ?? encodePlain(list));
  } else {
    writer.append(smallestForm(list).encoded);
  }
}

/**
 * The forms of long lists of one kind, such as the insert ids of each event of a segment: a form that was the smallest
 * for one is taken for all whose first texts are as long. With an event of a few thousand rows, to try the forms takes
 * longer than to write the one.
 */
export class KnownForms {
  readonly #forms = new Map<string, Encoder>();

  formOf(list: ByteList): Encoder {
    const trial = sliceOf(list, 0, trialMax);
    const { min, max } = rangeOf(lengthsOf(trial.ends));
    const lengths = `${min}-${max}`;
    let encode = this.#forms.get(lengths);
    if (encode === undefined) {
      ({ encode } = smallestForm(trial));
      this.#forms.set(lengths, encode);
    }
    return encode;
  }
}

/** The encoder whose form of these texts is the smallest, and that form. */
function smallestForm(list: ByteList): { encode: Encoder; encoded: WordWriter } {
  let best: { encode: Encoder; encoded: WordWriter } | undefined;
  let bestBytes = Infinity;
  for (const encode of encoders) {
    const encoded = encode(list);
    if (encoded === null) continue;
    const bytes = sealBytes(encoded.toBytes()).bytes.length;
    if (bytes >= bestBytes) continue;
    best = { encode, encoded };
    bestBytes = bytes;
  }
  return must(best, 'the plain form of texts');
}

/** Texts [from, to) of a list, as a list of their own; the bytes are shared. */
export function sliceOf({ bytes, ends }: ByteList, from: number, to: number): ByteList {
  const start = from === 0 ? 0 : ends[from - 1];
  const end = to === 0 ? 0 : ends[to - 1];
  const own = ends.slice(from, to);
  for (let i = 0; i < own.length; i++) own[i] -= start;
  return { bytes: bytes.subarray(start, end), ends: own };
}

export function byteListOf(texts: readonly string[]): ByteList {
  const bytes = Buffer.from(texts.join(''), 'utf8');
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let i = 0; i < texts.length; i++) {
    end += Buffer.byteLength(texts[i], 'utf8');
    ends[i] = end;
  }
  return { bytes, ends };
}

/** Sequence: lengths. Bytes: the texts. */
function encodePlain({ bytes, ends }: ByteList): WordWriter {
  const writer = new WordWriter();
  writer.push(textForm.plain);
  encodeSequence(writer, lengthsOf(ends));
  writer.bytes(bytes);
  return writer;
}

export function lengthsOf(ends: Uint32Array): Uint32Array {
  const lengths = new Uint32Array(ends.length);
  for (let i = 0; i < ends.length; i++) lengths[i] = ends[i] - (i === 0 ? 0 : ends[i - 1]);
  return lengths;
}

/**
 * For sorted texts. Sequences: bytes that a text begins with in common with the one before; bytes after
 * these. Bytes: these.
 */
function encodePrefixed({ bytes, ends }: ByteList): WordWriter | null {
  const prefixes = new Uint32Array(ends.length);
  const suffixes = new Uint32Array(ends.length);
  const rest = new Uint8Array(bytes.length);
  let restLength = 0;
  let before = 0;
  let start = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i];
    const commonMax = Math.min(end - start, start - before);
    let common = 0;
    while (common < commonMax && bytes[start + common] === bytes[before + common]) common++;
    prefixes[i] = common;
    suffixes[i] = end - start - common;
    for (let at = start + common; at < end; at++) rest[restLength++] = bytes[at];
    before = start;
    start = end;
  }
  const writer = new WordWriter();
  writer.push(textForm.prefixed);
  encodeSequence(writer, prefixes);
  encodeSequence(writer, suffixes);
  writer.bytes(rest.subarray(0, restLength));
  return bytes.length > expansionMax * writer.length ? null : writer;
}

function encodeShaped(list: ByteList): WordWriter | null {
  const writer = new WordWriter();
  writer.push(textForm.shaped);
  return encodeShapes(writer, list) ? writer : null;
}

/** Twin of `encodeByteList`. */
export function decodeByteList(reader: WordReader, count: number): ByteList {
  const form = reader.atMost(textForm.shaped, 'form of texts');
  if (form === textForm.shaped) return decodeShapes(reader, count);
  return form === textForm.plain ? decodePlain(reader, count) : decodePrefixed(reader, count);
}

function decodePlain(reader: WordReader, count: number): ByteList {
  const ends = new Uint32Array(count);
  decodeSequence(reader, ends);
  const total = addUp(reader, ends);
  const bytes = reader.bytes();
  if (bytes.length !== total) {
    throw reader.corrupt(`texts have ${bytes.length} bytes, their lengths add up to ${total}`);
  }
  return { bytes, ends };
}

/** Makes ends of lengths, in place, and gives the last. */
export function addUp(reader: WordReader, lengths: Uint32Array): number {
  let end = 0;
  for (let i = 0; i < lengths.length; i++) {
    end += lengths[i];
    lengths[i] = end;
  }
  if (end > engineLimits.segmentBlockBytesMax) {
    throw reader.corrupt(`texts of ${end} bytes exceed ${engineLimits.segmentBlockBytesMax}`);
  }
  return end;
}

function decodePrefixed(reader: WordReader, count: number): ByteList {
  const prefixes = new Uint32Array(count);
  const ends = new Uint32Array(count);
  decodeSequence(reader, prefixes);
  decodeSequence(reader, ends);
  const rest = reader.bytes();
  let restBytes = 0;
  for (let i = 0; i < count; i++) {
    restBytes += ends[i];
    ends[i] += prefixes[i];
  }
  const total = addUp(reader, ends);
  if (restBytes !== rest.length || total > expansionMax * reader.words.length) {
    throw reader.corrupt(`${rest.length} bytes do not make texts of ${restBytes} and ${total}`);
  }
  const bytes = new Uint8Array(total);
  let restAt = 0;
  let before = 0;
  let start = 0;
  for (let i = 0; i < count; i++) {
    const prefix = prefixes[i];
    if (prefix > start - before || prefix > ends[i] - start) {
      throw reader.corrupt(`text ${i} begins with ${prefix} bytes of a shorter one`);
    }
    let at = start;
    for (const end = start + prefix; at < end; at++) bytes[at] = bytes[before + at - start];
    for (const end = ends[i]; at < end; at++) bytes[at] = rest[restAt++];
    before = start;
    start = ends[i];
  }
  return { bytes, ends };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The texts as strings. Bytes that are no UTF-8 are damage. */
export function textsOf(reader: WordReader, { bytes, ends }: ByteList): string[] {
  const texts: string[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isAscii(bytes)) {
    // One string for all, of which the texts are slices: five times as fast as a string for each.
    const whole = buffer.toString('latin1');
    for (let i = 0, start = 0; i < ends.length; i++) {
      texts.push(whole.slice(start, ends[i]));
      start = ends[i];
    }
    return texts;
  }
  try {
    for (let i = 0, start = 0; i < ends.length; i++) {
      texts.push(utf8.decode(bytes.subarray(start, ends[i])));
      start = ends[i];
    }
  } catch {
    throw reader.corrupt(`text ${texts.length} is no UTF-8`);
  }
  return texts;
}

function isAscii(bytes: Uint8Array): boolean {
  let all = 0;
  for (let i = 0; i < bytes.length; i++) all |= bytes[i];
  return all < 0x80;
}
