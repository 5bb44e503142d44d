/** Bounds of the role `jobs`, each with the reason for its size. */
export const jobsLimits = {
  /** How often requests and settings are looked at: one or two small queries. */
  everyMs: 1000,
  /** Edges on other machines may have a clock that is behind: what arrived so shortly before counts as before. */
  clockSkewMs: 1000,
  /** A queue that does not drain in this time will not do so soon: a later round of the rewrite finds what comes. */
  drainMsMax: 600_000,
  /** A row log that has not gone by then holds batches that came later: they are indexed, so that it goes. */
  replicaRoundMs: 15_000,
  /** So many rewrites for the sake of row logs, which take five minutes; one is what is needed. */
  replicaRoundsMax: 20,
  /** A zone that is away for so long makes the request fail; it is tried again. */
  stepMsMax: 3_600_000,
  /** Failed requests are tried again after this, and when a process starts. */
  retryMs: 3_600_000,
  /** For so long the link of a request for access holds. */
  linkMs: 7 * 86_400_000,
  /** VACUUM FULL locks a table for about a second a 100 MB; larger ones are cleaned without a lock. */
  fullVacuumBytesMax: 256 * 1024 * 1024,
  /** Statements of the clean-up may take long. */
  vacuumMsMax: 600_000,
  /** They wait so long for a table that is in use. */
  lockMsMax: 3000,
  /** Redis writes about 100 MB a second. */
  aofPollMs: 100,
  aofMsMax: 120_000,
  /** Days that are over are looked for so often: one small statement. */
  retentionEveryMs: 5000,
} as const;
