/** Bounds of the moves of users between shards, each with the reason for its size. */
export const moveLimits = {
  /** How often moves are looked for while there is a project that lies on several shards: queries wait for them. */
  everyMs: 50,
  /** How often such a project is looked for. */
  projectsEveryMs: 5000,
  /** Moves that are read and sent together. */
  movesAtOnce: 100,
  /** How often it is looked whether batches are stored: a few keys of Redis. */
  storedEveryMs: 5,
  /** Days that are read at a time: bounds the memory of what one user did on them. */
  daysAtOnce: 8,
  /** Bytes of batches on their way to the shards at once: what a store queue and a row log take in a fraction of a second. */
  bytesAtOnce: 8 * 1024 * 1024,
  /** Of one job: very small batches travel together. */
  jobBytes: 512 * 1024,
  /** Batches of one job: each costs a place in the registry of its shard. */
  jobBatchesMax: 500,
  /** So long after a copy what still reaches the old shard is looked for in memory … */
  lateSoughtMs: 15_000,
  /** … this often. */
  lateEveryMs: 1000,
  /** Nobody resolves by what he remembered before a link that is so old: twice as long as the ETL keeps settings. */
  settleMs: 60_000,
  /** How often it is looked whether moves are settled: every job of every queue is looked at. */
  settledEveryMs: 10_000,
  /** Users of one shard are taken out together, this often: every segment that has one of them is written anew. */
  takeOutEveryMs: 60_000,
} as const;

export type MoveLimits = { readonly [Name in keyof typeof moveLimits]: number };
