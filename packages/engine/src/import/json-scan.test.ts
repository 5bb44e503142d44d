import { expect, it } from 'vitest';
import { ByteInterner } from './byte-interner.ts';
import { scanSource, scanString } from './json-scan.ts';

/** Place of the closing quote within the token, −1 = none, and the hash. */
function scan(token: string, { before = '"', after = '"}}\n' } = {}) {
  const source = scanSource(Buffer.from(before + token + after));
  const result = { hash: 0 };
  const start = Buffer.byteLength(before);
  const last = scanString(source, start, source.bytes.length, result);
  return { length: last < 0 ? -1 : last - start, hash: result.hash };
}

const letters = 'abcdefghijklm';

it('finds the closing quote after any number of bytes', () => {
  for (let length = 0; length <= letters.length; length++) {
    expect(scan(letters.slice(0, length)).length).toBe(length);
    expect(scan(letters.slice(0, length), { after: '"' }).length).toBe(length);
  }
  expect(scan('größer ☃').length).toBe(Buffer.byteLength('größer ☃'));
});

it('steps over escapes and stops at control characters, wherever they are', () => {
  for (let at = 0; at < letters.length; at++) {
    const put = (text: string): string => letters.slice(0, at) + text + letters.slice(at);
    expect(scan(put('\\"')).length).toBe(letters.length + 2);
    expect(scan(put('\\\\')).length).toBe(letters.length + 2);
    expect(scan(put('\n')).length).toBe(-1);
    expect(scan(put('\u001f')).length).toBe(-1);
    expect(scan(put(' \u007f')).length).toBe(letters.length + 2);
  }
  expect(scan('abc', { after: '' }).length).toBe(-1);
  expect(scan('abcdefgh\\', { after: '' }).length).toBe(-1);
});

it('gives a token one hash, wherever it lies and whatever follows', () => {
  for (let length = 0; length <= letters.length; length++) {
    const token = letters.slice(0, length);
    const { hash } = scan(token);
    for (const before of ['"', '{"a":"', 'xyz"']) {
      for (const after of ['"', '","b":1}', '"}']) {
        expect(scan(token, { before, after }).hash).toBe(hash);
      }
    }
  }
});

it('tells tokens apart that differ in one byte, of every length', () => {
  const interner = new ByteInterner();
  const tokens = Array.from({ length: letters.length + 1 }, (_, length) => {
    const token = letters.slice(0, length);
    return [
      token,
      ...Array.from({ length }, (_, i) => token.slice(0, i) + 'Z' + token.slice(i + 1)),
    ];
  }).flat();
  const find = (token: string, owner: number) => {
    const source = scanSource(Buffer.from(`"${token}"`));
    const { hash } = scan(token);
    const end = source.bytes.length - 1;
    return { source, hash, end, found: interner.find(source, 1, end, hash, owner) };
  };
  for (const [i, token] of tokens.entries()) {
    const { source, hash, end, found } = find(token, 7);
    expect(found).toBe(-1);
    expect(interner.add(source, 1, end, hash, 7)).toBe(i);
  }
  for (const [i, token] of tokens.entries()) {
    expect(find(token, 7).found).toBe(i);
    expect(find(token, 8).found).toBe(-1);
    expect(interner.text(i)).toBe(token);
  }
});

it('keeps the value that is given with a token, also when it grows', () => {
  const interner = new ByteInterner();
  const find = (token: string) => {
    const source = scanSource(Buffer.from(`"${token}"`));
    const { hash } = scan(token);
    return { source, hash, end: source.bytes.length - 1 };
  };
  for (let i = 0; i < 2000; i++) {
    const { source, hash, end } = find(`token-${i}`);
    expect(interner.add(source, 1, end, hash, 0, i * 3)).toBe(i * 3);
  }
  for (let i = 0; i < 2000; i++) {
    const { source, hash, end } = find(`token-${i}`);
    expect(interner.find(source, 1, end, hash, 0)).toBe(i * 3);
    expect(interner.text(i)).toBe(`token-${i}`);
    expect(interner.byteCount(i)).toBe(`token-${i}`.length);
  }
  interner.clear();
  const { source, hash, end } = find('token-5');
  expect([interner.count, interner.find(source, 1, end, hash, 0)]).toEqual([0, -1]);
});
