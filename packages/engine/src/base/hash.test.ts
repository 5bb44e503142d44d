import { describe, expect, it } from 'vitest';
import { hashBytes, hashNumber, hashText, mixHash } from './hash.ts';

describe('hash', () => {
  it('is FNV-1a over the UTF-8 bytes', () => {
    expect(hashText('')).toBe(0x811c9dc5);
    expect(hashText('a')).toBe(0xe40c292c);
    expect(hashText('foobar')).toBe(0xbf9cf968);
    for (const text of ['plain', 'Zoë', '日本', 'mixed 🙂 text']) {
      expect(hashText(text)).toBe(hashBytes(Buffer.from(text)));
    }
  });

  it('mixes with the finaliser of MurmurHash3', () => {
    expect(mixHash(0)).toBe(0);
    expect(mixHash(1)).toBe(0x514e28b7);
    expect(mixHash(0xffffffff)).toBe(0x81f16f39);
  });

  it('takes 0 and -0 for the same number', () => {
    expect(hashNumber(-0)).toBe(hashNumber(0));
    expect(hashNumber(1)).not.toBe(hashNumber(2));
  });
});
