import { classPackWasm } from './class-pack-wasm.ts';
import { type ClassStream, codeLengthMax, tableMask } from './class-code.ts';

/**
 * What is used of the global of every JavaScript engine that compiles WebAssembly: the types of Node leave it to those
 * of browsers.
 */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

/** Shorter sequences are decoded sooner by themselves than a table of pairs is made for them. */
export const kernelCountMin = 8192;

/** Numbers of each half that are decoded at a time: what they are read from and written to stays in the fast caches. */
const countAtOnce = 4096;

const pairs = 0;
const pairsBytes = 4 << 12;
const singles = pairs + pairsBytes;
const singlesBytes = 2 * (tableMask + 1);
/** Whole words of the longest codes, from within a word on; four bytes of what follows are loaded with the last. */
const codesBytes = 8 * Math.ceil((countAtOnce * codeLengthMax) / 64 + 1);
const codes = [singles + singlesBytes, singles + singlesBytes + codesBytes] as const;
/** The same of the widest rests (31 bits), with eight bytes. */
const restsBytes = 8 * Math.ceil((countAtOnce * 31) / 64 + 2);
const rests = [codes[1] + codesBytes, codes[1] + codesBytes + restsBytes] as const;
/** With one number of garbage behind the last. */
const numbersBytes = 4 * countAtOnce + 8;
const numbers = [rests[1] + restsBytes, rests[1] + restsBytes + numbersBytes] as const;
const state = numbers[1] + numbersBytes;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  makePairs(singles: number, pairs: number): void;
  decodeHalves(
    pairs: number,
    codes: number,
    rests: number,
    end: number,
    otherCodes: number,
    otherRests: number,
    otherEnd: number,
    state: number,
  ): void;
}

/** One a thread: module state is not shared between threads. Its memory never grows. */
interface Loaded {
  readonly kernel: Kernel;
  readonly words: Uint32Array;
  readonly halfWords: Uint16Array;
}

let loaded: Loaded | null = null;

function load(): Loaded {
  const module = new WebAssembly.Module(Buffer.from(classPackWasm, 'base64'));
  // The compiler wrote these exports: class-pack-wasm.test.ts compiles the source again.
  const kernel = new WebAssembly.Instance(module).exports as Kernel;
  const { buffer } = kernel.memory;
  return { kernel, words: new Uint32Array(buffer), halfWords: new Uint16Array(buffer) };
}

/**
 * Decodes most of both halves of class-pack in WebAssembly (wasm/class-pack.ts), two numbers a look: 2.1 ns a number
 * against 4.1 of the loop in class-pack.ts. Moves the streams on; some numbers at the end of a half are left, because a
 * half may be through before the other. Nothing is checked: damaged streams become garbage.
 */
export function decodeInPairs(
  words: Uint32Array,
  table: Uint16Array,
  [first, second]: readonly [ClassStream, ClassStream],
  target: Uint32Array,
): void {
  const { kernel, words: memory, halfWords } = (loaded ??= load());
  halfWords.set(table, singles / 2);
  kernel.makePairs(singles, pairs);
  for (;;) {
    const count = Math.min(countAtOnce, first.count - first.done, second.count - second.done);
    if (count < 2) return;
    enter(memory, words, first, 0);
    enter(memory, words, second, 1);
    const [end, otherEnd] = [numbers[0] + 4 * count, numbers[1] + 4 * count];
    kernel.decodeHalves(pairs, codes[0], rests[0], end, codes[1], rests[1], otherEnd, state);
    leave(memory, target, first, 0);
    leave(memory, target, second, 1);
  }
}

/** Copies what the next numbers of a half are decoded from; behind the end of a block nothing. */
function enter(memory: Uint32Array, words: Uint32Array, stream: ClassStream, half: 0 | 1): void {
  const { codesAt, restsAt, codeBit, restBit } = stream;
  const codeWord = codesAt + Math.floor(codeBit / 32);
  const restWord = restsAt + Math.floor(restBit / 32);
  memory.set(words.subarray(codeWord, codeWord + codesBytes / 4), codes[half] / 4);
  memory.set(words.subarray(restWord, restWord + restsBytes / 4), rests[half] / 4);
  const at = state / 4 + 3 * half;
  memory[at] = codeBit % 32;
  memory[at + 1] = restBit % 32;
  memory[at + 2] = numbers[half];
}

/** Takes over what was decoded. */
function leave(memory: Uint32Array, target: Uint32Array, stream: ClassStream, half: 0 | 1): void {
  const at = state / 4 + 3 * half;
  const from = numbers[half] / 4;
  const end = memory[at + 2] / 4;
  target.set(memory.subarray(from, end), stream.from + stream.done);
  stream.done += end - from;
  stream.codeBit += memory[at] - (stream.codeBit % 32);
  stream.restBit += memory[at + 1] - (stream.restBit % 32);
}
