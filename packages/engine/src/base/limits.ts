/** Bounds of the engine. Each says where its size comes from. */
export const engineLimits = {
  /**
   * Body of a row batch before compression. An ingest request has at most 10 MiB of JSON and the
   * binary form is smaller; several requests may share a micro-batch.
   */
  batchBodyBytesMax: 64 * 1024 * 1024,
  /** Bytes of a batch id: today's are under 100; the header has 16 bits for the length. */
  batchIdBytesMax: 1024,
  /** Lists and objects inside one another. The protocol allows 3 (ingestion-api.md 9.1). */
  nestingDepthMax: 32,
  /** A row-log file is closed once it is this long: replay reads a whole file into memory. */
  logFileBytesMax: 64 * 1024 * 1024,
  /** A section of a users, people or covered file before compression: writers cut theirs at about 1 MiB. */
  sectionBytesMax: 64 * 1024 * 1024,
  /** Frames that share one write and one sync: bounds the memory of a commit and its latency. */
  commitBytesMax: 8 * 1024 * 1024,
  /** Rows of a segment: bounds what a forged header can make a reader allocate (128 MiB a column). */
  segmentRowsMax: 32 * 1024 * 1024,
  /** A block of a segment before compression: 36 bytes of insert id for as many rows. */
  segmentBlockBytesMax: 1536 * 1024 * 1024,
} as const;
