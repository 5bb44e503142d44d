import { hashBytes, hashNumber, hashText, mixHash } from '../../base/hash.ts';

/** What makes two events copies of one: (event, time as sent, distinct id as sent, insert id). */
export interface EventKey {
  readonly event: string;
  readonly sentTime: number;
  readonly sentId: string;
  /** The insert id is bytes[start, end). */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Hash of a duplicate key out of the hashes of its texts: 32 bits. */
export function keyHashOf(hashes: {
  readonly insertId: number;
  readonly event: number;
  readonly sentId: number;
  readonly sentTime: number;
}): number {
  const insertId = hashes.insertId ^ hashNumber(hashes.sentTime);
  const mixed = Math.imul(insertId, 0x9e3779b1) ^ hashes.event;
  return mixHash(Math.imul(mixed, 0x85ebca77) ^ hashes.sentId);
}

export function eventKeyHash({ event, sentTime, sentId, bytes, start, end }: EventKey): number {
  return keyHashOf({
    insertId: hashBytes(bytes, start, end),
    event: hashText(event),
    sentId: hashText(sentId),
    sentTime,
  });
}

/** Any number that FNV is not begun with elsewhere. */
const checkSeed = 0x2545f491;

/** 32 further bits: keys that share both are taken for one, which among millions of keys does not happen by chance. */
export function eventKeyCheck({ event, sentTime, sentId, bytes, start, end }: EventKey): number {
  const envelope = Buffer.from(`${sentTime} ${event.length} ${event}${sentId}`);
  return mixHash(hashBytes(bytes, start, end, hashBytes(envelope, 0, envelope.length, checkSeed)));
}
