/** What hashes of tokens begin with. */
export const hashSeed = 0x811c9dc5;

/** The bytes that lines lie in, twice: by byte, and as words of four. One a parser and block of the file. */
export interface ScanSource<Bytes extends Uint8Array = Uint8Array> {
  readonly bytes: Bytes;
  /** Of the same bytes. */
  readonly words: DataView;
}

export function scanSource<Bytes extends Uint8Array>(bytes: Bytes): ScanSource<Bytes> {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** The hash of the token that was scanned last: written by the scans below, read right after. One a parser. */
export interface ScanResult {
  hash: number;
}

const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Place of the quote that closes the string whose first byte is at `at`, before `end`; −1 = there is
 * none, or a control character that JSON forbids. Escapes are stepped over, not judged.
 *
 * Four bytes at a time up to the first that is no plain character, then one by one: a third of the time. The
 * hash depends on the token alone, for what ends the steps of four is part of it, or its end.
 */
export function scanString(
  { bytes, words }: ScanSource,
  at: number,
  end: number,
  result: ScanResult,
): number {
  let hash = hashSeed;
  let i = at;
  for (const last = end - 4; i <= last; i += 4) {
    const word = words.getInt32(i, true);
    if (hasSpecial(word)) break;
    // The turn brings the high bits down, which a product never does.
    hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ word, 0x9e3779b1);
  }
  for (; i < end; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      result.hash = hash;
      return i;
    }
    if (byte < 0x20) return -1;
    hash = Math.imul(hash ^ byte, 0x01000193);
    if (byte !== backslash) continue;
    if (++i === end || bytes[i] < 0x20) return -1;
    hash = Math.imul(hash ^ bytes[i], 0x01000193);
  }
  return -1;
}

/**
 * Whether one of four bytes is a quote, a backslash or below 0x20. Each of the three tests sets the highest bit of
 * the lowest byte that it is about, and of none if there is no such byte (a byte b is 0 where b − 1 borrows).
 */
function hasSpecial(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const found =
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes) |
    ((word - 0x20202020) & ~word);
  return (found & 0x80808080) !== 0;
}

/**
 * End of the value at `at` that is no string: a number, a word, a list or an object, in one line. Only found, not judged: whoever
 * sees a token for the first time parses it. −1 = it does not end before `end`.
 */
export function scanBare(
  { bytes }: ScanSource,
  at: number,
  end: number,
  result: ScanResult,
): number {
  if (bytes[at] === 0x7b || bytes[at] === 0x5b) return scanNested(bytes, at, end, result);
  let hash = hashSeed;
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (byte === 0x2c || byte === 0x7d || byte <= 0x20) {
      result.hash = hash;
      return i === at ? -1 : i;
    }
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return -1;
}

function scanNested(bytes: Uint8Array, at: number, end: number, result: ScanResult): number {
  let hash = hashSeed;
  let depth = 0;
  let isString = false;
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (byte === newline) return -1;
    hash = Math.imul(hash ^ byte, 0x01000193);
    if (isString) {
      if (byte === quote) isString = false;
      else if (byte === backslash && bytes[i + 1] !== newline && ++i < end)
        hash = Math.imul(hash ^ bytes[i], 0x01000193);
    } else if (byte === quote) {
      isString = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      result.hash = hash;
      return i + 1;
    }
  }
  return -1;
}

/** First place from `at` on that is no white space of JSON within a line: a newline is the line's end. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isSpace(bytes[i])) i++;
  return i;
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;
