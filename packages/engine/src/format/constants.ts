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

/** First four bytes of the files that stand beside the segments: "ARUS", "ARPE", "ARCO" (FORMAT-FILES.md). */
export const usersMagic = 0x53555241;
export const peopleMagic = 0x45505241;
export const coveredMagic = 0x4f435241;
/**
 * Version of all three: they share their container. A covered file with a ledger is of another one, as are users files
 * that were written anew and people files with profiles that are kept.
 */
export const sectionedVersion = 1;
export const coveredLedgerVersion = 2;
export const usersEditionVersion = 2;
export const peopleKeptVersion = 2;

/** How a value of a people file's dictionary begins, besides the tags of `valueTag`. */
export const inlineTag = {
  /** Bytes as a varint, then the text. */
  string: valueTag.string,
  /** Zigzag: seconds since 1970 of a text `YYYY-MM-DDTHH:MM:SS`. */
  dateTime: 8,
} as const;

/** "ARSG": first four bytes of a segment. FORMAT-SEGMENT.md explains all that follows. */
export const segmentMagic = 0x47535241;
export const segmentVersion = 1;

/** Offsets in the header of a segment, version 1. The first 12 bytes mean the same in every version. */
export const segmentHeaderLayout = {
  magic: 0,
  version: 4,
  flags: 5,
  headerBytes: 6,
  checksum: 8,
  project: 12,
  shard: 16,
  day: 20,
  rowCount: 24,
  firstTime: 28,
  lastTime: 32,
  keyId: 36,
  eventCount: 40,
  propertyCount: 44,
  userCount: 48,
  batchCount: 52,
  sentIdCount: 56,
  tieRankMax: 60,
  indexBytes: 64,
  indexFlags: 68,
  indexChecksum: 72,
  reserved: 76,
  fileBytes: 80,
  size: 88,
} as const;

/** Bit of a block's flags: it is an LZ4 block. Every other bit is 0 in version 1. */
export const blockIsLz4 = 1;

/** How a list of numbers is written: low byte of its first word. */
export const sequenceCodecId = {
  constant: 1,
  bitPack: 2,
  blockPack: 3,
  runLength: 4,
  steps: 5,
  zigzag: 6,
  exceptions: 7,
  bitmap: 8,
  classPack: 9,
  ranked: 10,
} as const;

/** What the codes of a column are told from: low byte of its first word. */
export const columnForm = {
  /** From nothing: one sequence. */
  codes: 0,
  /** From the user: mostly what the property's base says of the user. */
  byUser: 1,
  /** From another property of the row, whose place stands in the upper 24 bits. */
  byProperty: 2,
} as const;

/** What batches of rows are told from. */
export const batchForm = { plain: 0, byTime: 1 } as const;

/** How numbers of a dictionary are written. */
export const numberForm = { doubles: 0, decimals: 1 } as const;

/** How a list of texts is written. */
export const textForm = {
  /** Lengths, then the bytes. */
  plain: 0,
  /** Each without what it begins with in common with the one before. */
  prefixed: 1,
  /** By length; at each place the characters that occur there. */
  shaped: 2,
} as const;

/** Insert ids: as they are, or with those taken out that Arbor made itself. */
export const insertIdForm = { texts: 0, made: 1 } as const;
