/** Bounds of a bulk import, each with the reason for its size. */
export const bulkLimits = {
  /**
   * Events of one commit, at most and unless ARBOR_BULK_ROWS says less. The more, the fewer generations a day falls into; the columns of two commits, one
   * being read and one being written, are in memory at a time (some 100 bytes an event).
   */
  rowsMax: 2_000_000,
  /** The first commit of a file has this part of them: until there is something to build, a core has nothing to do. */
  firstShare: 1 / 8,
  /** Values and bytes of insert ids of one commit: 128 MB each. */
  valuesMax: 32_000_000,
  insertIdBytesMax: 128_000_000,
  /** Events times properties: a day is built as one column of four bytes a property, whether present or not. */
  cellsMax: 64_000_000,
  /** When what is known of values is larger, a commit ends and it is forgotten: properties that differ in every event. */
  valueBytesMax: 256_000_000,
  /** Longer lines are judged by ingestion, which refuses records of more than 1 MiB. */
  lineBytesMax: 256 * 1024,
  /** Identifiers looked up at once: 20,000 take PostgreSQL a quarter of its time limit at worst. */
  identifiersAtOnce: 20_000,
  /** Threads that build and encode days: with the reader and gunzip they fill two cores. */
  buildThreads: 2,
  /** How long to wait for an index job or a compaction that holds the shard. */
  lockWaitMs: 120_000,
  /** A commit is tried again when somebody changed the shard's catalog in spite of the lock. */
  attemptsMax: 5,
} as const;
