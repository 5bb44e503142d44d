// AssemblyScript, not TypeScript: part of event-lines.ts. Where tokens of JSON end; 16 bytes behind an end may be read.

export const newline: u32 = 0x0a;
export const quote: u32 = 0x22;
export const comma: u32 = 0x2c;
export const colon: u32 = 0x3a;
const backslash: u32 = 0x5c;
export const open: u32 = 0x7b;
export const close: u32 = 0x7d;
const openList: u32 = 0x5b;
const closeList: u32 = 0x5d;

/**
 * Place of the quote that closes the string whose first byte is at `at`, before `end`; 0 = there is none, or a control
 * character that JSON forbids. Escapes are stepped over, not judged.
 */
export function endOfString(at: usize, end: usize): usize {
  while (at < end) {
    const bytes = v128.load(at);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>quote)), i8x16.eq(bytes, i8x16.splat(<i8>backslash))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const found = i8x16.bitmask(special);
    if (found === 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (at >= end) return 0;
    const byte = <u32>load<u8>(at);
    if (byte === quote) return at;
    if (byte < 0x20 || at + 1 >= end || load<u8>(at, 1) < 0x20) return 0;
    at += 2;
  }
  return 0;
}

/**
 * End of the value at `at` that is no string: a number, a word, a list or an object, in one line. Only found, not judged:
 * whoever sees a token for the first time parses it. 0 = it does not end before `end`.
 */
export function endOfBare(at: usize, end: usize): usize {
  const first = <u32>load<u8>(at);
  if (first === open || first === openList) return endOfNested(at, end);
  for (let i = at; i < end; i += 16) {
    const bytes = v128.load(i);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>comma)), i8x16.eq(bytes, i8x16.splat(<i8>close))),
      i8x16.le_u(bytes, i8x16.splat(0x20)),
    );
    const found = i8x16.bitmask(special);
    if (found === 0) continue;
    i += ctz(found);
    return i >= end || i === at ? 0 : i;
  }
  return 0;
}

function endOfNested(at: usize, end: usize): usize {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = <u32>load<u8>(i);
    if (byte === quote) {
      i = endOfString(i + 1, end);
      if (i === 0) return 0;
    } else if (byte === open || byte === openList) {
      depth++;
    } else if (byte === newline) {
      return 0;
    } else if ((byte === close || byte === closeList) && --depth === 0) {
      return i + 1;
    }
  }
  return 0;
}

/** First place from `at` on that is no white space of JSON within a line: a newline is the line's end. */
export function skipSpace(at: usize, end: usize): usize {
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

function isSpace(byte: u32): bool {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** How many bytes from `at` on, of `count` at most, are letters, digits or "-". */
export function idLength(at: usize, count: usize): usize {
  for (let i: usize = 0; i < count; i += 16) {
    const bytes = v128.load(at + i);
    const lower = v128.or(bytes, i8x16.splat(0x20));
    const isLetter = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(26));
    const isDigit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
    const isDash = i8x16.eq(bytes, i8x16.splat(0x2d));
    const isOther = v128.not(v128.or(v128.or(isLetter, isDigit), isDash));
    const found = i8x16.bitmask(isOther);
    if (found !== 0) return min(count, i + <usize>ctz(found));
  }
  return count;
}
