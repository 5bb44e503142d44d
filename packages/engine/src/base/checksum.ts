import { crc32 } from 'node:zlib';

/**
 * CRC-32 (the polynomial of gzip) of the bytes, as an unsigned number. Node's own, in native code:
 * a table loop in JavaScript would cost more than decoding the batch it protects. `seed` chains
 * several pieces: `checksum(b, checksum(a))` is the checksum of a followed by b.
 */
export function checksum(bytes: Uint8Array, seed = 0): number {
  return crc32(bytes, seed);
}
