// AssemblyScript, not TypeScript: compiled by test/compile-wasm.ts into src/format/segment/codec/class-pack-wasm.ts.
//
// Class-pack decodes bits of two streams, codes and rests, at places that are known only when what stands before them
// was decoded. JavaScript shifts 32 bits at most and checks every access; here a load takes 64 bits from any byte on,
// which hold the rests of two numbers, and a look into the table tells two numbers mostly. Every address is given by the
// caller, who sees to it that all of them lie inside the memory, whatever the streams say.

/** Bits of the code stream that a look takes. */
const lookBits: u32 = 12;
/** Bits of a rest that one load of 64 bits holds at least, for both numbers together. */
const restBitsMax: u32 = 57;

/**
 * Makes the table of pairs out of that of single numbers (class-code.ts: 1024 times u16, by the next 10 bits: width of
 * the rest | highest bit << 5 | length of the code << 6).
 *
 * An entry, u32, by the next 12 bits: length of both codes | width << 4 | highest bit << 9 of the first number; width << 20 |
 * highest bit << 25 of the second, 0 where only one is told; how many are told << 26.
 */
export function makePairs(singles: usize, pairs: usize): void {
  for (let bits: u32 = 0; bits < 1 << lookBits; bits++) {
    const first = <u32>load<u16>(singles + ((bits & 1023) << 1));
    const length = first >> 6;
    const second = <u32>load<u16>(singles + (((bits >> length) & 1023) << 1));
    const both = length + (second >> 6);
    let entry = ((first & 31) << 4) | (((first >> 5) & 1) << 9);
    if (both <= lookBits && (first & 31) + (second & 31) <= restBitsMax) {
      entry |= both | ((second & 31) << 20) | (((second >> 5) & 1) << 25) | (2 << 26);
    } else {
      entry |= length | (1 << 26);
    }
    store<u32>(pairs + (bits << 2), entry);
  }
}

/**
 * Decodes numbers of both halves in turn, so that the processor works on both at once, until one half has not two
 * places left before its end. `state`, six times u32: bit of the code stream, bit of the rest stream, address of the next
 * number; the same of the second half. May write one number of garbage behind the last one of each half.
 */
export function decodeHalves(
  pairs: usize,
  codes: usize,
  rests: usize,
  end: usize,
  otherCodes: usize,
  otherRests: usize,
  otherEnd: usize,
  state: usize,
): void {
  let code = <usize>load<u32>(state);
  let rest = <usize>load<u32>(state, 4);
  let at = <usize>load<u32>(state, 8);
  let otherCode = <usize>load<u32>(state, 12);
  let otherRest = <usize>load<u32>(state, 16);
  let otherAt = <usize>load<u32>(state, 20);
  while (at + 8 <= end && otherAt + 8 <= otherEnd) {
    const look = (load<u32>(codes + (code >> 3)) >> ((<u32>code) & 7)) & ((1 << lookBits) - 1);
    const entry = load<u32>(pairs + (look << 2));
    const otherLook =
      (load<u32>(otherCodes + (otherCode >> 3)) >> ((<u32>otherCode) & 7)) & ((1 << lookBits) - 1);
    const otherEntry = load<u32>(pairs + (otherLook << 2));
    const bits = load<u64>(rests + (rest >> 3)) >> (rest & 7);
    const otherBits = load<u64>(otherRests + (otherRest >> 3)) >> (otherRest & 7);
    store<u64>(at, pairOf(entry, bits));
    store<u64>(otherAt, pairOf(otherEntry, otherBits));
    code += entry & 15;
    rest += ((entry >> 4) & 31) + ((entry >> 20) & 31);
    at += (entry >> 26) << 2;
    otherCode += otherEntry & 15;
    otherRest += ((otherEntry >> 4) & 31) + ((otherEntry >> 20) & 31);
    otherAt += (otherEntry >> 26) << 2;
  }
  store<u32>(state, <u32>code);
  store<u32>(state, <u32>rest, 4);
  store<u32>(state, <u32>at, 8);
  store<u32>(state, <u32>otherCode, 12);
  store<u32>(state, <u32>otherRest, 16);
  store<u32>(state, <u32>otherAt, 20);
}

/** Two numbers: their rests follow one another in `bits`, the first in the low half of the result. */
function pairOf(entry: u32, bits: u64): u64 {
  const width = <u64>((entry >> 4) & 31);
  const nextWidth = <u64>((entry >> 20) & 31);
  const first = (bits & (((<u64>1) << width) - 1)) | ((<u64>((entry >> 9) & 1)) << width);
  const nextBits = bits >> width;
  const second =
    (nextBits & (((<u64>1) << nextWidth) - 1)) | ((<u64>((entry >> 25) & 1)) << nextWidth);
  return first | (second << 32);
}
