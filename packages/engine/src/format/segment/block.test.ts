import { expect, it } from 'vitest';
import { blockIsLz4 } from '../constants.ts';
import { openBytes, sealBytes } from './block.ts';

/** Bytes that no compression makes fewer. */
function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function repeated(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = i % 97;
  return bytes;
}

it.each([0, 511, 512, 32 * 1024 - 1, 32 * 1024, 200_001])(
  'gives back %i bytes of either kind',
  (count) => {
    for (const bytes of [randomBytes(count), repeated(count)]) {
      const sealed = sealBytes(bytes);
      expect(Buffer.from(openBytes(sealed.bytes, sealed.flags, 'test'))).toEqual(
        Buffer.from(bytes),
      );
    }
  },
);

it('packs what repeats, in short blocks and in long ones, and leaves alone what does not', () => {
  for (const count of [600, 40_000, 200_000]) {
    expect(sealBytes(repeated(count)).flags).toBe(blockIsLz4);
    expect(sealBytes(randomBytes(count)).flags).toBe(0);
  }
});

it('packs a long block that repeats in one of the places that are tried', () => {
  const bytes = randomBytes(80_000);
  bytes.set(repeated(30_000), 50_000);
  expect(sealBytes(bytes).flags).toBe(blockIsLz4);
});
