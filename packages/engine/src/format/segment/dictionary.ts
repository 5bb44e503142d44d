import type { PropertyValue } from '@arbor/schema/property-value';
import { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { integerMax, numberForm } from '../constants.ts';
import { readValue } from '../decode/value.ts';
import { StringTable } from '../encode/string-table.ts';
import { writeValue } from '../encode/value.ts';
import { byteListOf, decodeByteList, encodeByteList, textsOf } from './byte-list.ts';
import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import type { WordReader, WordWriter } from './words.ts';

/** Texts in their own order. */
export function encodeTexts(writer: WordWriter, texts: readonly string[]): void {
  encodeByteList(writer, byteListOf(texts));
}

/** Twin of `encodeTexts`. */
export function decodeTexts(reader: WordReader, count: number): string[] {
  const texts = textsOf(reader, decodeByteList(reader, count));
  reader.finish();
  return texts;
}

/** Decimal places that are tried; prices have two, coordinates six. */
const scaleMax = 6;

/**
 * Ascending numbers. Word 0: form. `doubles`: 8 bytes each. `decimals`: decimal places above the form;
 * the least as a double; sequences: steps from one to the next modulo 2^32; the same divided by 2^32; all
 * times 10^places.
 */
export function encodeNumbers(writer: WordWriter, numbers: ArrayLike<number>): void {
  for (let places = 0; places <= scaleMax; places++) {
    const integers = scaled(numbers, 10 ** places);
    if (integers === null) continue;
    writer.push(numberForm.decimals | (places << 8));
    writer.double(integers[0]);
    const low = new Uint32Array(integers.length - 1);
    const high = new Uint32Array(integers.length - 1);
    for (let i = 0; i < low.length; i++) {
      const step = integers[i + 1] - integers[i];
      low[i] = step;
      high[i] = step / 2 ** 32;
    }
    encodeSequence(writer, low);
    return encodeSequence(writer, high);
  }
  writer.push(numberForm.doubles);
  for (let i = 0; i < numbers.length; i++) writer.double(numbers[i]);
}

/** The numbers times `scale`, if they are whole then and come back exactly. */
function scaled(numbers: ArrayLike<number>, scale: number): Float64Array | null {
  const integers = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const integer = Math.round(numbers[i] * scale);
    // −0 would come back as 0, which is the same number and yet not what was sent.
    if (Math.abs(integer) > integerMax || !Object.is(integer / scale, numbers[i])) return null;
    integers[i] = integer;
  }
  return integers;
}

/** Twin of `encodeNumbers`: fills target[from, to), which is not empty. */
export function decodeNumbers(
  reader: WordReader,
  target: Float64Array,
  from: number,
  to: number,
): void {
  const word = reader.next();
  const places = word >>> 8;
  if ((word & 0xff) === numberForm.doubles) {
    for (let i = from; i < to; i++) target[i] = reader.double();
  } else if ((word & 0xff) === numberForm.decimals && places <= scaleMax) {
    const scale = 10 ** places;
    let integer = reader.double();
    const low = new Uint32Array(to - from - 1);
    const high = new Uint32Array(to - from - 1);
    decodeSequence(reader, low);
    decodeSequence(reader, high);
    target[from] = integer / scale;
    for (let i = 0; i < low.length; i++) {
      integer += high[i] * 2 ** 32 + low[i];
      target[from + 1 + i] = integer / scale;
    }
  } else {
    throw reader.corrupt(`form of numbers 0x${word.toString(16)} is unknown`);
  }
  reader.finish();
}

/** Lists and objects, as in a row batch (FORMAT.md 2.1 and 2.3): strings, then the values. */
export function encodeNested(writer: WordWriter, values: readonly PropertyValue[]): void {
  const strings = new StringTable();
  const body = new ByteWriter();
  for (const value of values) writeValue(body, strings, value);
  const table = new ByteWriter();
  strings.write(table);
  writer.bytes(Buffer.concat([table.written, body.written]));
}

/** Twin of `encodeNested`. */
export function decodeNested(words: WordReader, count: number, what: string): PropertyValue[] {
  const reader = new ByteReader(words.bytes(), { code: 'CORRUPT_SEGMENT', what });
  words.finish();
  const lengths = new Uint32Array(reader.count(1));
  for (let i = 0; i < lengths.length; i++) lengths[i] = reader.count(1);
  const strings = Array.from(lengths, (length) => reader.text(length));
  const values: PropertyValue[] = [];
  for (let i = 0; i < count; i++) values.push(readValue(reader, strings));
  reader.finish();
  return values;
}
