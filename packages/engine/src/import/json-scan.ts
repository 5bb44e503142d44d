import { hashSeed } from './byte-interner.ts';

/** Where a scanned token ended, and its hash: written by the scans below, read right after. One a parser. */
export interface ScanResult {
  hash: number;
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Place of the quote that closes the string whose first byte is at `at`, before `end`; −1 = there is
 * none, or a control character that JSON forbids. Escapes are stepped over, not judged.
 */
export function scanString(bytes: Uint8Array, at: number, end: number, result: ScanResult): number {
  let hash = hashSeed;
  for (let i = at; i < end; i++) {
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
 * End of the value at `at` that is no string: a number, a word, a list or an object. Only found, not judged: whoever
 * sees a token for the first time parses it. −1 = it does not end before `end`.
 */
export function scanBare(bytes: Uint8Array, at: number, end: number, result: ScanResult): number {
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
    hash = Math.imul(hash ^ byte, 0x01000193);
    if (isString) {
      if (byte === quote) isString = false;
      else if (byte === backslash && ++i < end) hash = Math.imul(hash ^ bytes[i], 0x01000193);
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

/** First place from `at` on that is no white space of JSON. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isSpace(bytes[i])) i++;
  return i;
}

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
