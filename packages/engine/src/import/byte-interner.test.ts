import { expect, it } from 'vitest';
import { ByteInterner, hashToken, scanSource } from './byte-interner.ts';

const letters = 'abcdefghijklm';

/** A token in quotes, as `find` and `add` take it. */
function tokenOf(text: string) {
  const source = scanSource(Buffer.from(`"${text}"`));
  const end = source.bytes.length - 1;
  return { source, end, hash: hashToken(source.bytes, 1, end) };
}

function find(interner: ByteInterner, text: string, owner: number): number {
  const { source, end, hash } = tokenOf(text);
  return interner.find(source, 1, end, hash, owner);
}

function add(interner: ByteInterner, text: string, owner: number, value?: number): number {
  const { source, end, hash } = tokenOf(text);
  return interner.add(source, 1, end, hash, owner, value);
}

it('tells tokens apart that differ in one byte, of every length', () => {
  const interner = new ByteInterner();
  const tokens = Array.from({ length: letters.length + 1 }, (_, length) => {
    const token = letters.slice(0, length);
    return [
      token,
      ...Array.from({ length }, (_, i) => token.slice(0, i) + 'Z' + token.slice(i + 1)),
    ];
  }).flat();
  for (const [i, token] of tokens.entries()) {
    expect(find(interner, token, 7)).toBe(-1);
    expect(add(interner, token, 7)).toBe(i);
  }
  for (const [i, token] of tokens.entries()) {
    expect(find(interner, token, 7)).toBe(i);
    expect(find(interner, token, 8)).toBe(-1);
    expect(interner.text(i)).toBe(token);
  }
});

it('keeps the value that is given with a token, also when it grows', () => {
  const interner = new ByteInterner();
  for (let i = 0; i < 2000; i++) expect(add(interner, `token-${i}`, 0, i * 3)).toBe(i * 3);
  for (let i = 0; i < 2000; i++) {
    expect(find(interner, `token-${i}`, 0)).toBe(i * 3);
    expect(interner.text(i)).toBe(`token-${i}`);
    expect(interner.byteCount(i)).toBe(`token-${i}`.length);
  }
  interner.clear();
  expect([interner.count, find(interner, 'token-5', 0)]).toEqual([0, -1]);
});
