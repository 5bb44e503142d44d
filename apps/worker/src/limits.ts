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
  /** Identifiers the ETL remembers, about 150 bytes each: 30 MB. */
  identityCacheEntriesMax: 200_000,
  /** Merged users the ETL remembers beside them; when it is full, both start afresh. */
  identityMergesMax: 50_000,
  /** User agents are few; each costs about 0.1 ms to parse. */
  userAgentCacheEntriesMax: 2000,
  /** Longer ones are not of a browser, and only cost time. */
  userAgentCharactersMax: 1000,
  /** A project's spread changes only by a move of its data, which waits longer than this. */
  projectCacheMs: 30_000,
  databaseConnectionsMax: 4,
  databaseConnectMs: 2000,
  /** A transaction of the identity map takes milliseconds; longer means that something is stuck. */
  databaseQueryMs: 15_000,
  /**
   * Of a request to the LQS. Plans are a few kilobytes; the longest that the planner makes, 50,000
   * buckets and 40 metrics of active users with windows of their own, is 65 MB.
   */
  lqsBodyBytesMax: 80 * 1024 * 1024,
  /** A replica may serve once no batch has waited longer than this for it. */
  servingLagMsMax: 2000,
} as const;
