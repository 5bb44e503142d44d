/**
 * Numbers that are written into files and queues. FORMAT.md explains them. Never renumbered, never
 * reused: a reader of any later version must still understand what an earlier one wrote.
 */

/** "ARWB" read as a little-endian number: first four bytes of a row batch. */
export const rowBatchMagic = 0x42575241;
export const rowBatchVersion = 1;

/** Offsets in the fixed header of a row batch, version 1. */
export const rowBatchHeaderLayout = {
  magic: 0,
  version: 4,
  flags: 5,
  batchIdBytes: 6,
  checksum: 8,
  project: 12,
  shard: 16,
  eventCount: 20,
  personCount: 24,
  linkCount: 28,
  sequence: 32,
  receivedAt: 40,
  /** The batch id follows, then the length of the body (u32), then the body. */
  size: 48,
} as const;

/** Bit of the flags byte: the body is an LZ4 block. Every other bit is 0 in version 1. */
export const bodyIsLz4 = 1;

/** How a value begins. */
export const valueTag = {
  null: 0,
  false: 1,
  true: 2,
  /** Zigzag varint. */
  integer: 3,
  /** Eight bytes, IEEE 754: fractions, -0, and integers beyond `integerMax`. */
  double: 4,
  /** Varint: place in the string table. */
  string: 5,
  /** Varint: number of items, then the items. */
  list: 6,
  /** Varint: number of members, then for each the place of its name and its value. */
  object: 7,
} as const;

/** Integers up to here (either sign) are zigzag varints: their zigzag form is still exact in a double. */
export const integerMax = 2 ** 52 - 1;

/** Bits of an event's flags byte. Every other bit is 0 in version 1. */
export const eventFlag = {
  /** `sentTime` differs from `time` and follows it. */
  hasSentTime: 1,
  /** Times are doubles: a difference was too large for a varint. */
  wideTimes: 2,
} as const;

/** Bits of a person update's flags byte. Every other bit is 0 in version 1. */
export const personFlag = {
  ignoreTime: 1,
  wideTime: 2,
  /** An insert id follows the time. Nothing written before this bit existed has it. */
  hasInsertId: 4,
} as const;

/** How an operation on a person begins. */
export const operatorTag = {
  $set: 0,
  $set_once: 1,
  $add: 2,
  $append: 3,
  $union: 4,
  $remove: 5,
  $unset: 6,
  $delete: 7,
} as const;

/** "ARLG": first four bytes of either header copy of a row-log file. */
export const logMagic = 0x474c5241;
export const logVersion = 1;
/** One copy of the file header; it is written twice. */
export const logHeaderCopyBytes = 32;
export const logHeaderBytes = 2 * logHeaderCopyBytes;

/** "ARLF": first four bytes of a frame. */
export const frameMagic = 0x464c5241;
export const frameHeaderBytes = 16;
