/** Bounds of the worker, each with the reason for its size. Those of the queues: `@arbor/queue/limits`. */
export const workerLimits = {
  /** Jobs in hand at once. One thread does the work; more hide the round trips to Redis and PostgreSQL. */
  liveConcurrency: 32,
  /** Each may be 10 MB of JSON: few, so that memory stays small and the live lane gets its turns. */
  bulkConcurrency: 4,
  /** Batches of one shard in hand at once: those that share a sync of the row log. */
  storeConcurrency: 32,
  /** Entries of the Live view a batch: an import must not push live traffic out of the view. */
  liveEntriesPerImport: 100,
  /** Records of a project that Live is shown a second: all of 2,000, with a reserve (ux.md J17) … */
  liveRecordsPerSecond: 2500,
  /** … and so many at once, for they come in batches: half of what the stream holds. */
  liveRecordsBurst: 5000,
  /** Projects counted at the same time, a hundred bytes each. */
  liveProjectsMax: 10_000,
  /** Identifiers the ETL remembers, about 150 bytes each: 30 MB. */
  identityCacheEntriesMax: 200_000,
  /** Merged users the ETL remembers beside them; when it is full, both start afresh. */
  identityMergesMax: 50_000,
  /** Addresses whose place is remembered, about 200 bytes each: 4 MB. */
  placeCacheEntriesMax: 20_000,
  /** User agents are few; each costs about 0.1 ms to parse. */
  userAgentCacheEntriesMax: 2000,
  /** Longer ones are not of a browser, and only cost time. */
  userAgentCharactersMax: 1000,
  /** A project's spread changes only by a move of its data, which waits longer than this. */
  projectCacheMs: 30_000,
  /** After an undo nobody resolves by what was remembered before it: twice as long as settings are kept. */
  splitSettleMs: 60_000,
  /** How often undone links are looked for whose last rows are stored by now: one small query. */
  splitsSoughtEveryMs: 10_000,
  databaseConnectionsMax: 4,
  /** A start waits for PostgreSQL or the object store: tries so often … */
  startRetryMs: 1000,
  /** … and says so every so many times. */
  startLogEvery: 10,
  /** How often a replica looks for new versions of its shards: one small query for all of them. */
  catalogPollMs: 1000,
  /** Hides the round trips to an object store without filling the line. */
  downloadsAtOnce: 8,
  /** Removed files stay in the caches of this machine so long: longer than any query that began before. */
  removedFileGraceMs: 600_000,
  /** No job between its first object and its commit takes so long. */
  orphanAgeMs: 86_400_000,
  /** Between the clocks of an outside object store and of the database. */
  clockSkewMs: 5000,
  /** How often removed files are looked for in the catalog (or as often as erased ones expire, if that is more) … */
  expiredEveryMs: 30_000,
  /** … in the caches of this machine, which costs a look at every file … */
  trimmedEveryMs: 300_000,
  /** … and orphans. */
  orphansEveryMs: 6 * 3_600_000,
  /** Segments of a day that each query would have to merge before they are made fewer. */
  generationsMax: 4,
  /** The same for pieces of dictionaries, people and covered batches, which are cheap to read. */
  smallFilesMax: 8,
  /** A day is over, and its late events have come, when this long after its end … */
  dayQuietMs: 3_600_000,
  /** … nothing was added for so long: it is brought to one segment. */
  generationQuietMs: 600_000,
  /** How often days that became quiet are looked for: it costs a look at every file of a shard. */
  mergesSoughtEveryMs: 30_000,
  /** Of one merge: about 250 bytes a row in memory, read and written, 1 GB. */
  compactionRowsMax: 4_000_000,
  /** Merges that share a commit, because each commit makes every replica adopt a version … */
  mergesPerCommit: 16,
  /** … and the time after which those done are committed, so that little is lost when it fails. */
  compactionMs: 30_000,
  /** A shard whose job failed is left alone for so long, doubled each time up to the second. */
  jobRetryMs: 2000,
  jobRetryMsMax: 60_000,
  databaseConnectMs: 2000,
  /** A transaction of the identity map takes milliseconds; longer means that something is stuck. */
  databaseQueryMs: 15_000,
  /**
   * Of a request to the LQS. Plans are a few kilobytes; the longest that the planner makes, 50,000
   * buckets and 40 metrics of active users with windows of their own, is 65 MB.
   */
  lqsBodyBytesMax: 80 * 1024 * 1024,
  /** Of a list that plans name: a million ids of 255 characters, or keys and values of a table of 100 MB. */
  lqsListBytesMax: 320 * 1024 * 1024,
  /** Shards of one query at work at once: the threads have enough to do, and few columns are in memory. */
  queryShardsAtOnce: 4,
  /** Rows that a fast scan goes through in about the time in which another thread wakes up. */
  queryOneThreadRowsMax: 100_000,
  /** The query server gives up after half of it; this ends what nobody gave up. */
  queryMsMax: 60_000,
  /** Exports at once: each has a thread, some 500 MB of memory at worst, and a processor while it is read. */
  exportsAtOnce: 2,
  /** Threads that answer queries, whatever the number of processors: each has a heap of its own. */
  queryThreadsMax: 8,
  /** Decoded columns by default: an eighth of the memory, as a laptop has two zones, and at most so much. */
  columnCacheMbMax: 2048,
  /** What queries hold of users by default: as much, and at most so much that one, which may have three quarters, has 1 GiB. */
  queryMemoryMbMax: 1365,
  /** A replica may serve once no batch has waited longer than this for it. */
  servingLagMsMax: 2000,
} as const;
