import { classCount } from './class-code.ts';
import { encodeWasm } from './encode-wasm.ts';

/**
 * What is used of the global of every JavaScript engine that compiles WebAssembly: the types of Node leave it to those
 * of browsers.
 */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

/** What is counted of a sample. */
export interface SampleCounts {
  /** Stretches of equal numbers. */
  readonly runCount: number;
  readonly runLengthMax: number;
  /** Numbers by the bits they need (0 … 32). */
  readonly classCounts: Uint32Array;
  /**
   * Steps from one number to the next by the bits they need: where all ascend, steps less 1, else differences
   * as zigzag.
   */
  readonly stepClassCounts: Uint32Array;
  /** Far more than half of the numbers are this one, if any number is so frequent. */
  readonly majority: number;
  readonly majorityCount: number;
}

/** Numbers of a sequence that the memory of the kernel has room for: the first of its three pages. */
export const kernelNumbersMax = 16_384;
const lanes = 4 * kernelNumbersMax;
const lanesBytes = 2048;
const target = lanes + lanesBytes;
const targetBytes = 1024;

/** Texts of a shape that are taken at once; they and where they begin lie where numbers would. */
const textsMax = 512;
/** Longer ones have no shape. */
export const shapedBytesMax = 64;
const starts = textsMax * shapedBytesMax;
const shape = target + targetBytes;
const shapeBytes = 1024;
const digits = shape + shapeBytes;
const digitsBytes = 2 * 256 * shapedBytesMax;
/** At most every second place begins a group. */
const textNumbers = digits + digitsBytes;
const textNumbersStride = 4 * textsMax;
/** Where the characters of texts are told, which end before their numbers would: at most 258 bytes a place. */
const noted = textNumbers;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  range(at: number, count: number, target: number): void;
  countSample(at: number, count: number, isAscending: number, lanes: number, target: number): void;
  textNumbers(
    texts: number,
    starts: number,
    count: number,
    base: number,
    shape: number,
    digits: number,
    target: number,
    stride: number,
  ): number;
  noteCharacters(
    texts: number,
    starts: number,
    count: number,
    base: number,
    length: number,
    used: number,
  ): void;
  notedCharacters(used: number, length: number, target: number): number;
}

/** One a thread: module state is not shared between threads. Its memory never grows. */
interface Loaded {
  readonly kernel: Kernel;
  readonly bytes: Uint8Array;
  readonly halfWords: Uint16Array;
  readonly words: Uint32Array;
}

let loaded: Loaded | null = null;

function load(): Loaded {
  const module = new WebAssembly.Module(Buffer.from(encodeWasm, 'base64'));
  // The compiler wrote these exports: encode-wasm.test.ts compiles the source again.
  const kernel = new WebAssembly.Instance(module).exports as Kernel;
  const { buffer } = kernel.memory;
  return {
    kernel,
    bytes: new Uint8Array(buffer),
    halfWords: new Uint16Array(buffer),
    words: new Uint32Array(buffer),
  };
}

/** Writes numbers into the memory of the kernel (wasm/sequence-stats.ts), `at` numbers from its begin on. */
export function putNumbers(numbers: Uint32Array, at: number): void {
  (loaded ??= load()).words.set(numbers, at);
}

/** The least and the greatest of the first numbers in the memory of the kernel, at least one. */
export function rangeOfFirst(count: number): { min: number; max: number } {
  const { kernel, words } = (loaded ??= load());
  kernel.range(0, count, target);
  return { min: words[target / 4], max: words[target / 4 + 1] };
}

/** Of the first numbers in the memory of the kernel, at least one: a sixth of the time of the same in JavaScript. */
export function countFirst(count: number, isAscending: boolean): SampleCounts {
  const { kernel, words } = (loaded ??= load());
  kernel.countSample(0, count, isAscending ? 1 : 0, lanes, target);
  const at = target / 4;
  const rest = at + 2 * classCount;
  return {
    classCounts: words.slice(at, at + classCount),
    stepClassCounts: words.slice(at + classCount, rest),
    runCount: words[rest],
    runLengthMax: words[rest + 1],
    majority: words[rest + 2],
    majorityCount: words[rest + 3],
  };
}

/** Texts of one length: source[starts[i], starts[i] + length), the starts ascending. */
export interface TextsOfLength {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** What texts of one length consist of. */
export interface TextShape {
  /** By place in the text: the characters that occur there, ascending; at most `shapedBytesMax` places. */
  readonly alphabets: readonly Uint8Array[];
  /** Places [start, end) of a text that make one number, at most every second place one. */
  readonly groups: readonly { readonly start: number; readonly end: number }[];
}

/**
 * For each group of places the numbers of all texts, whose digits in a mixed radix are the places of the characters among
 * those of the alphabet. Null = some text has a character that is not in the alphabets.
 */
export function numbersOfTexts(
  { bytes: source, starts: from }: TextsOfLength,
  { alphabets, groups }: TextShape,
): Uint32Array[] | null {
  const { kernel, words } = (loaded ??= load());
  const length = alphabets.length;
  putShape({ alphabets, groups });
  const numbers = groups.map(() => new Uint32Array(from.length));
  for (let first = 0, end = 0; first < from.length; first = end) {
    end = putTexts({ bytes: source, starts: from }, first, length);
    const count = end - first;
    if (!readTexts(kernel, count, from[first])) return null;
    for (let g = 0; g < numbers.length; g++) {
      const at = (textNumbers + g * textNumbersStride) / 4;
      numbers[g].set(words.subarray(at, at + count), first);
    }
  }
  return numbers;
}

/** The characters that occur at each place of texts of one length, ascending. */
export function charactersOfTexts(texts: TextsOfLength, length: number): Uint8Array[] {
  const { kernel, bytes } = (loaded ??= load());
  bytes.fill(0, digits, digits + 256 * length);
  for (let first = 0, end = 0; first < texts.starts.length; first = end) {
    end = putTexts(texts, first, length);
    kernel.noteCharacters(0, starts, end - first, texts.starts[first], length, digits);
  }
  kernel.notedCharacters(digits, length, noted);
  const alphabets: Uint8Array[] = [];
  for (let place = 0, at = noted; place < length; place++) {
    const count = bytes[at] | (bytes[at + 1] << 8);
    alphabets.push(bytes.slice(at + 2, at + 2 + count));
    at += 2 + count;
  }
  return alphabets;
}

/** Copies texts from the first on and where they begin, as many as there is room for; answers the first that is left. */
function putTexts(
  { bytes: source, starts: from }: TextsOfLength,
  first: number,
  length: number,
): number {
  const { bytes, words } = (loaded ??= load());
  const base = from[first];
  const endMax = Math.min(from.length, first + textsMax);
  let end = first;
  while (end < endMax && from[end] + length - base <= starts) end++;
  bytes.set(source.subarray(base, from[end - 1] + length), 0);
  words.set(from.subarray(first, end), starts / 4);
  return end;
}

const readTexts = (kernel: Kernel, count: number, base: number): boolean =>
  kernel.textNumbers(0, starts, count, base, shape, digits, textNumbers, textNumbersStride) !== 0;

/** In a table of digits: the character was not found. */
const unknownDigit = 0x100;

/** Writes a shape as `textNumbers` reads it. */
function putShape({ alphabets, groups }: TextShape): void {
  const { halfWords, words } = (loaded ??= load());
  const fixed = alphabets.flatMap((chars, place) => (chars.length === 1 ? [place, chars[0]] : []));
  const described = [
    fixed.length / 2,
    ...fixed,
    groups.length,
    ...groups.flatMap(({ start, end }) => [start, end]),
    ...alphabets.map((chars) => chars.length),
  ];
  words.set(described, shape / 4);
  const table = digits / 2;
  halfWords.fill(unknownDigit, table, table + 256 * alphabets.length);
  alphabets.forEach((chars, place) =>
    chars.forEach((char, digit) => (halfWords[table + 256 * place + char] = digit)),
  );
}
