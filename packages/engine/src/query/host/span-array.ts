import type { CodeArray } from '../scan/scan-source.ts';
import type { Span } from './thread-messages.ts';

/** The array that a span names, in the buffer of its slab. */
export function spanArray({ offset, length, width }: Span, buffer: SharedArrayBuffer): CodeArray {
  if (width === 1) return new Uint8Array(buffer, offset, length);
  if (width === 2) return new Uint16Array(buffer, offset, length);
  return new Uint32Array(buffer, offset, length);
}

export function wordArray({ offset, length }: Span, buffer: SharedArrayBuffer): Uint32Array {
  return new Uint32Array(buffer, offset, length);
}

/** Runs are one array: the users, then where the rows of each begin, and where those of the last end. */
export function runUsers(runs: Span, buffer: SharedArrayBuffer): Uint32Array {
  return wordArray({ ...runs, length: (runs.length - 1) / 2 }, buffer);
}

export function runStarts(runs: Span, buffer: SharedArrayBuffer): Uint32Array {
  const userCount = (runs.length - 1) / 2;
  return wordArray({ ...runs, offset: runs.offset + userCount * 4, length: userCount + 1 }, buffer);
}
