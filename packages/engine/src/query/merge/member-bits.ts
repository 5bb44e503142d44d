import type { MemberRange } from './partial.ts';

/** Users first … first + mask.length − 1 with mask 1, a bit each: as many as travel, a name each would be too long. */
export function packMembers(mask: Uint8Array, first: number): MemberRange {
  const bits = Buffer.alloc(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i++) bits[i >>> 3] |= mask[i] << (i & 7);
  return { first, count: mask.length, bits: bits.toString('base64') };
}

/** Writes 1 for the members of a range, by ordinal; others are left as they are. */
export function unpackMembers({ first, count, bits }: MemberRange, codes: Uint32Array): void {
  const bytes = Buffer.from(bits, 'base64');
  for (let i = 0; i < count; i++) {
    if (((bytes[i >>> 3] >>> (i & 7)) & 1) === 1) codes[first + i] = 1;
  }
}
