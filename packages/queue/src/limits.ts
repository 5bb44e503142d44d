/** Bounds of everything that waits in Redis, each with the reason for its size. */
export const queueLimits = {
  /**
   * Jobs of at most 10 ms of one project's traffic. Above this the ETL (about 500 jobs/s on a small
   * machine) would need longer than the minute that architecture 1 promises.
   */
  liveJobsMax: 20_000,
  /** A job is a whole /import request, up to 2,000 records: 400 of them are about half a minute of work. */
  bulkJobsMax: 400,
  /** Half of the promised minute: the other half is for what is accepted until clients slow down. */
  waitMsMax: 30_000,
  /** Batches that wait for one replica while it is away; its twin serves, so only memory is at stake. */
  storeJobsMax: 100_000,
  /** Redis holds every waiting batch in memory and refuses writes when it is full; stop well before. */
  redisBytesMax: 1024 * 1024 * 1024,
  /** Clients are told to come back after this; the queues are looked at far more often. */
  retryAfterSecondsLive: 2,
  retryAfterSecondsBulk: 5,
  /** How often a producer looks at the depths: a decision is never older than this plus one round trip. */
  sampleIntervalMs: 250,
  /** A producer's command that takes longer is reported as a failure; the client sends again. */
  commandTimeoutMs: 5000,
  /** How long a connection may take before another attempt is made. */
  connectTimeoutMs: 2000,
  /** Longest pause between two attempts to reach a Redis that is away. */
  reconnectMsMax: 500,
  /** BullMQ writes an event a state change; nobody reads them here, so hardly any are kept. */
  eventsMax: 8,
  /**
   * How long a killed worker's jobs stay locked, and how often that is looked at. Both short: a
   * killed process delays what it held by ten seconds at most. Too early costs only double work,
   * because every step is idempotent.
   */
  lockMs: 5000,
  stalledCheckMs: 5000,
  /** Pause after a failure of the world, growing to the maximum; a job is retried for ever. */
  retryMsMin: 100,
  retryMsMax: 5000,
} as const;
