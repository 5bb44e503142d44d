const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over the bytes [start, end), 32 bits, unsigned. `seed` continues an earlier hash. */
export function hashBytes(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  seed = fnvOffset,
): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], fnvPrime);
  return hash >>> 0;
}

const encoder = new TextEncoder();

/** FNV-1a over the UTF-8 bytes of the text. */
export function hashText(text: string): number {
  let hash = fnvOffset;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Beyond ASCII one unit is not one byte: start over with the real bytes.
    if (unit > 0x7f) return hashBytes(encoder.encode(text));
    hash = Math.imul(hash ^ unit, fnvPrime);
  }
  return hash >>> 0;
}

/** Spreads every input bit over all 32 output bits (the finaliser of MurmurHash3): a bijection. */
export function mixHash(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Hash of a double by its bits; 0 and -0 are the same number and hash alike. */
export function hashNumber(value: number): number {
  scratch.setFloat64(0, value + 0, true);
  return mixHash(Math.imul(scratch.getUint32(0, true), 0x9e3779b1) ^ scratch.getUint32(4, true));
}
