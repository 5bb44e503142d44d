import type { EngineError } from '../../base/errors.ts';
import { logHeaderBytes, logHeaderCopyBytes } from '../../format/constants.ts';
import { decodeLogHeader, frameAt, type LogHeader, nextFrame } from './frame.ts';

/** A place of a row log that could not be read. The store works on; the other replica has the data. */
export interface LogDamage {
  /**
   * `torn_tail`: the end of the newest file, as a crash in the middle of a write leaves it; it was cut.
   * `damaged`: bytes that were good once; they stay in the file, what follows them was kept.
   */
  readonly kind: 'torn_tail' | 'damaged';
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** `CORRUPT_LOG`, or what the batch inside said. */
  readonly error: EngineError;
}

/** A piece of a log file: a frame's payload, or bytes that are none. */
export type LogPiece =
  | { readonly type: 'frame'; readonly payload: Uint8Array; readonly offset: number }
  | { readonly type: 'damage'; readonly offset: number; readonly bytes: number };

/** Frames and damaged places of a file, in order; together they cover all of it behind the header. */
export function* scanFrames(bytes: Uint8Array, salt: number): Generator<LogPiece> {
  let at = logHeaderBytes;
  let damagedFrom = -1;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at, salt);
    if (frame.type === 'good') {
      if (damagedFrom >= 0) yield damage(damagedFrom, at);
      damagedFrom = -1;
      yield { type: 'frame', payload: bytes.subarray(frame.start, frame.end), offset: at };
      at = frame.end;
      continue;
    }
    if (damagedFrom < 0) damagedFrom = at;
    at = frame.type === 'bad_payload' ? frame.end : nextFrame(bytes, at + 1, salt);
  }
  if (damagedFrom >= 0) yield damage(damagedFrom, bytes.length);
}

function damage(from: number, to: number): LogPiece {
  return { type: 'damage', offset: from, bytes: to - from };
}

export interface ReadHeader {
  /** Undefined when neither copy can be read: nothing of the file can. */
  readonly header: LogHeader | undefined;
  readonly damage: readonly { readonly offset: number; readonly bytes: number }[];
}

/** Either copy of the header is enough; the other is reported when it is damaged. */
export function readLogHeader(bytes: Uint8Array): ReadHeader {
  const copies = [decodeLogHeader(bytes, 0), decodeLogHeader(bytes, 1)];
  const header = copies[0] ?? copies[1];
  if (!header) return { header, damage: [{ offset: 0, bytes: bytes.length }] };
  const damaged = copies.flatMap((copy, i) =>
    copy ? [] : [{ offset: i * logHeaderCopyBytes, bytes: logHeaderCopyBytes }],
  );
  return { header, damage: damaged };
}
