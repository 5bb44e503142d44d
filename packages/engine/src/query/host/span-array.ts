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
