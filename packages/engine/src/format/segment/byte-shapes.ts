import { must } from '../../base/assert.ts';
import { engineLimits } from '../../base/limits.ts';
import type { ByteList } from './byte-list.ts';
import {
  charactersOfTexts,
  numbersOfTexts,
  shapedBytesMax,
  type TextsOfLength,
} from './codec/encode-kernel.ts';
import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import type { WordReader, WordWriter } from './words.ts';

/**
 * Ids are mostly all of one kind: a UUID, 16 hexadecimal digits, "order-" and a counter. Of all texts of one
 * length, at each place only so many different characters occur; the place among them is a digit, and
 * neighbouring digits make numbers in a mixed radix. So a UUID takes its 122 random bits and a
 * decimal digit 3.33, whatever the kind, and counters come near to one another.
 */
const shapesMax = 32;

/**
 * So many random texts show every character that occurs at a place, nearly always. The rest are only looked up in what
 * was found, which is done for their numbers anyway: a third of the time for UUIDs.
 */
const trialTexts = 1024;
/** Of texts with at most 16 characters at each place, as of hexadecimal digits, so many are enough. */
const narrowTrialTexts = 256;
const narrowMax = 16;
/** Digits are taken together while their numbers stay below this: integers that the processor divides fast. */
const radixMax = 2 ** 30;

interface Shape {
  readonly length: number;
  /** By place in the text: the characters that occur there, ascending. */
  readonly alphabets: readonly Uint8Array[];
  readonly groups: readonly DigitGroup[];
}

/** Places [start, end) of a text that make one number. */
interface DigitGroup {
  readonly start: number;
  readonly end: number;
}

/**
 * Word: number of shapes. Sequence: shape by text. For each shape: word: length; bytes: for each place the
 * number of its characters less 1 and these; then for each group of places a sequence of the numbers of
 * its texts, the first place the highest digit. False where texts are too long or too various.
 */
export function encodeShapes(writer: WordWriter, list: ByteList): boolean {
  const byLength = textsByLength(list);
  if (byLength === null) return false;
  const shapeOf = new Uint32Array(list.ends.length);
  byLength.forEach(({ texts }, shape) => {
    for (let i = 0; i < texts.length; i++) shapeOf[texts[i]] = shape;
  });
  writer.push(byLength.length);
  encodeSequence(writer, shapeOf);
  for (const { length, starts } of byLength) encodeShape(writer, list.bytes, length, starts);
  return true;
}

interface OfOneLength {
  readonly length: number;
  readonly texts: Uint32Array;
  /** Where each begins. */
  readonly starts: Uint32Array;
}

function textsByLength({ ends }: ByteList): OfOneLength[] | null {
  const counts = new Uint32Array(shapedBytesMax + 1);
  for (let i = 0; i < ends.length; i++) {
    const length = ends[i] - (i === 0 ? 0 : ends[i - 1]);
    if (length > shapedBytesMax) return null;
    counts[length]++;
  }
  const lengths = [...counts.keys()].filter((length) => counts[length] > 0);
  if (lengths.length > shapesMax) return null;
  return lengths.map((length) => {
    const texts = new Uint32Array(counts[length]);
    const starts = new Uint32Array(counts[length]);
    let at = 0;
    for (let i = 0; i < ends.length; i++) {
      const start = i === 0 ? 0 : ends[i - 1];
      if (ends[i] - start !== length) continue;
      texts[at] = i;
      starts[at++] = start;
    }
    return { length, texts, starts };
  });
}

function encodeShape(
  writer: WordWriter,
  bytes: Uint8Array,
  length: number,
  starts: Uint32Array,
): void {
  const { alphabets, numbers } =
    shapeNumbers({ bytes, starts }, likelyAlphabets(bytes, length, starts)) ??
    must(
      shapeNumbers({ bytes, starts }, charactersOfTexts({ bytes, starts }, length)),
      'characters of all texts',
    );
  writer.push(length);
  writer.bytes(Uint8Array.from(alphabets.flatMap((chars) => [chars.length - 1, ...chars])));
  for (const list of numbers) encodeSequence(writer, list);
}

/** The numbers of each group of places by text; null = some text has a character that is not in the alphabets. */
function shapeNumbers(
  texts: TextsOfLength,
  alphabets: readonly Uint8Array[],
): { alphabets: readonly Uint8Array[]; numbers: readonly Uint32Array[] } | null {
  const numbers = numbersOfTexts(texts, { alphabets, groups: groupsOf(alphabets) });
  return numbers && { alphabets, numbers };
}

/** Nearly always those of all texts. */
function likelyAlphabets(bytes: Uint8Array, length: number, starts: Uint32Array): Uint8Array[] {
  const narrow = charactersOfTexts({ bytes, starts: starts.subarray(0, narrowTrialTexts) }, length);
  if (narrow.every((chars) => chars.length <= narrowMax)) return narrow;
  return charactersOfTexts({ bytes, starts: starts.subarray(0, trialTexts) }, length);
}

/** Follows from the alphabets alone, so it is not written. Places with one character are in no group. */
function groupsOf(alphabets: readonly Uint8Array[]): DigitGroup[] {
  const groups: DigitGroup[] = [];
  let start = 0;
  while (start < alphabets.length) {
    if (alphabets[start].length === 1) {
      start++;
      continue;
    }
    let radix = 1;
    let end = start;
    while (end < alphabets.length && alphabets[end].length > 1) {
      radix *= alphabets[end].length;
      if (radix > radixMax) break;
      end++;
    }
    groups.push({ start, end });
    start = end;
  }
  return groups;
}

/** Twin of `encodeShapes`. */
export function decodeShapes(reader: WordReader, count: number): ByteList {
  const shapeCount = reader.atMost(shapesMax, 'number of shapes');
  const shapeOf = new Uint32Array(count);
  decodeSequence(reader, shapeOf);
  const textCounts = new Uint32Array(shapeCount);
  for (let i = 0; i < count; i++) {
    if (shapeOf[i] >= shapeCount) throw reader.corrupt(`shape ${shapeOf[i]} is unknown`);
    textCounts[shapeOf[i]]++;
  }
  const shapes: Shape[] = [];
  const numbers: Uint32Array[][] = [];
  for (let s = 0; s < shapeCount; s++) {
    const shape = readShape(reader);
    shapes.push(shape);
    numbers.push(
      shape.groups.map(() => {
        const list = new Uint32Array(textCounts[s]);
        decodeSequence(reader, list);
        return list;
      }),
    );
  }
  return writeTexts(reader, shapeOf, shapes, numbers);
}

function readShape(reader: WordReader): Shape {
  const length = reader.atMost(shapedBytesMax, 'length of a shape');
  const described = reader.bytes();
  const alphabets: Uint8Array[] = [];
  let at = 0;
  for (let place = 0; place < length; place++) {
    const end = at + 2 + described[at];
    if (!(end <= described.length)) throw reader.corrupt('the characters of a shape are cut off');
    alphabets.push(described.subarray(at + 1, end));
    at = end;
  }
  return { length, alphabets, groups: groupsOf(alphabets) };
}

function writeTexts(
  reader: WordReader,
  shapeOf: Uint32Array,
  shapes: readonly Shape[],
  numbers: readonly (readonly Uint32Array[])[],
): ByteList {
  const ends = new Uint32Array(shapeOf.length);
  let end = 0;
  for (let i = 0; i < ends.length; i++) {
    end += shapes[shapeOf[i]].length;
    ends[i] = end;
  }
  if (end > engineLimits.segmentBlockBytesMax) {
    throw reader.corrupt(`texts of ${end} bytes exceed ${engineLimits.segmentBlockBytesMax}`);
  }
  const bytes = new Uint8Array(end);
  shapes.forEach((shape, s) => {
    const starts = new Uint32Array(numbers[s][0]?.length ?? countOf(shapeOf, s));
    let at = 0;
    for (let i = 0; i < ends.length; i++) {
      if (shapeOf[i] === s) starts[at++] = ends[i] - shape.length;
    }
    writeShape(bytes, starts, shape, numbers[s]);
  });
  return { bytes, ends };
}

function countOf(shapeOf: Uint32Array, shape: number): number {
  let count = 0;
  for (let i = 0; i < shapeOf.length; i++) if (shapeOf[i] === shape) count++;
  return count;
}

function writeShape(
  bytes: Uint8Array,
  starts: Uint32Array,
  { alphabets, groups }: Shape,
  numbers: readonly Uint32Array[],
): void {
  alphabets.forEach((chars, place) => {
    if (chars.length > 1) return;
    for (let i = 0; i < starts.length; i++) bytes[starts[i] + place] = chars[0];
  });
  groups.forEach(({ start, end }, g) => {
    const rest = numbers[g];
    // From the lowest digit on: each pass takes one off the numbers. A forged number too large wraps round.
    for (let place = end - 1; place >= start; place--) {
      const chars = alphabets[place];
      const radix = chars.length;
      for (let i = 0; i < starts.length; i++) {
        const number = rest[i];
        const higher = Math.floor(number / radix);
        bytes[starts[i] + place] = chars[number - higher * radix];
        rest[i] = higher;
      }
    }
  });
}
