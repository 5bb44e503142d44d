import { counter, gauge, histogram } from '@arbor/runtime/metrics';

const secondsBuckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

export const jobSeconds = histogram({
  name: 'arbor_job_seconds',
  help: 'Time to handle one job, by kind of queue.',
  labels: ['queue'],
  buckets: secondsBuckets,
});

export const ingestSeconds = histogram({
  name: 'arbor_ingest_seconds',
  help: 'Age of a batch, from its arrival at the edge, when its rows could be queried on this replica.',
  buckets: secondsBuckets,
});

export const storedBatches = counter({
  name: 'arbor_stored_batches_total',
  help: 'Row batches handled by the store, by outcome: stored or duplicate.',
  labels: ['outcome'],
});

export const jobErrors = counter({
  name: 'arbor_job_errors_total',
  help: 'Jobs that will be tried again or were put to the dead letters, and queue errors.',
});

export const erasedRecords = counter({
  name: 'arbor_erased_records_total',
  help: 'Records that were refused because they name somebody who was erased on request.',
});

export const queryShardSeconds = histogram({
  name: 'arbor_lqs_shard_seconds',
  help: 'Time to answer one query on one shard.',
  buckets: secondsBuckets,
});

export const queryRowsScanned = counter({
  name: 'arbor_lqs_rows_scanned_total',
  help: 'Rows of the events and days that queries looked at.',
});

export const columnCacheBytes = gauge({
  name: 'arbor_column_cache_bytes',
  help: 'Decoded columns in memory.',
});

export const columnLoads = gauge({
  name: 'arbor_column_loads',
  help: 'Events of days whose columns were decoded since the start.',
});

export const storageJobSeconds = histogram({
  name: 'arbor_storage_job_seconds',
  help: 'Time of one job over the files of a shard, by job: index, compact, expired or orphans.',
  labels: ['job'],
  buckets: secondsBuckets,
});

export const storageJobs = counter({
  name: 'arbor_storage_jobs_total',
  help: 'Jobs over the files of a shard, by job and outcome: done, nothing, busy, conflict or failed.',
  labels: ['job', 'outcome'],
});

export const indexedRows = counter({
  name: 'arbor_indexed_rows_total',
  help: 'Events that this process moved from the row log into segments.',
});

export const damagedLogFiles = gauge({
  name: 'arbor_damaged_log_files',
  help: 'Files of the row logs of this process of which something cannot be read, kept until somebody is erased.',
});

export const unindexedBytes = gauge({
  name: 'arbor_unindexed_bytes',
  help: 'Bytes of batches in the row logs of this process that no segment has yet.',
});
