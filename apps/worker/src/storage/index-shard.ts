import { setTimeout as sleep } from 'node:timers/promises';
import { commitCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { arrivingUsers } from '@arbor/db/moves';
import { withShardLock } from '@arbor/db/shard-lock';
import type { IndexJob, Indexable, ProjectIndexJob } from '@arbor/engine/catalog';
import { indexedRows } from '../metrics.ts';
import { forwardPeople } from '../moves/forward-people.ts';
import { writeFile, writeSegment } from './file-writer.ts';
import type { IndexThresholds, JobOutcome, ShardUnit, StorageContext } from './storage-context.ts';

/** Nearly everybody is copied within some dozens of milliseconds; five seconds in all. */
const arrivingEveryMs = 50;
const arrivingLooksMax = 100;
/** So often a job is made anew because somebody began to move here meanwhile; where that never ends, it is done all the same. */
const preparedMax = 5;

/** Whether what waits in the row log is worth an index job. */
export function isIndexDue(
  { batches, bytes, oldestAt }: Indexable,
  { bytes: bytesMin, ageMs }: IndexThresholds,
  now: number,
): boolean {
  if (batches === 0) return false;
  return bytes >= bytesMin || (oldestAt !== null && now - oldestAt >= ageMs);
}

/**
 * Turns the batches of the row log that no file has yet into files and commits them. Until the commit
 * nothing is changed, and it names the batches it covers, so a job may die or fail anywhere: its objects
 * are garbage then, and the batches wait for the next one.
 */
export async function indexShard(
  context: StorageContext,
  unit: ShardUnit,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { follower } = unit;
  const { databaseUrl } = context;
  const locked = await withShardLock({ databaseUrl, shard: follower.shard }, (lost) =>
    index(context, unit, AbortSignal.any([signal, lost])),
  );
  return locked?.result ?? 'busy';
}

async function index(
  context: StorageContext,
  { store, follower }: ShardUnit,
  signal: AbortSignal,
): Promise<JobOutcome> {
  // The last holder may just have committed what waits here.
  await follower.refresh();
  if (!isIndexDue(store.indexable(), context.thresholds, context.clock())) return 'nothing';
  return indexEverything(context, { store, follower }, signal);
}

/** The same however little waits; the caller holds the lock of the shard and has refreshed the follower. */
export async function indexEverything(
  context: StorageContext,
  { store, follower }: ShardUnit,
  signal: AbortSignal,
): Promise<Exclude<JobOutcome, 'busy'>> {
  const started = context.clock();
  const prepared = await prepare(context, { store, follower }, signal);
  if (prepared === null) return 'nothing';
  const { job, expectedRevision } = prepared;
  const add = await writeFiles(context, job, signal);
  const leaving = { shard: job.shard, store };
  await forwardPeople(context, leaving, job.expectedVersion + 1);
  const { outcome, version } = await commitCatalog(context.pool, {
    shard: job.shard,
    expectedVersion: job.expectedVersion,
    expectedRevision,
    add,
    remove: [],
  });
  // Those who were read for the first time while the files were written.
  if (outcome !== 'conflict') {
    await forwardPeople(context, leaving, version);
    await tellOf(context, job);
  }
  await follower.refresh();
  if (outcome === 'conflict') return 'conflict';
  const rows = add.reduce((sum, file) => sum + (file.kind === 'segment' ? file.rowCount : 0), 0);
  indexedRows.inc(rows);
  context.logger.info(
    {
      shard: job.shard,
      version,
      batches: job.batchCount,
      rows,
      files: add.length,
      bytes: add.reduce((sum, { bytes }) => sum + bytes, 0),
      ms: context.clock() - started,
    },
    'batches are indexed',
  );
  return 'done';
}

/** Who cannot be told of it does not keep files from being made. */
async function tellOf(
  { tellFailed, logger }: StorageContext,
  { projects }: IndexJob,
): Promise<void> {
  for (const { project, failedUpdates } of projects) {
    await tellFailed(project, failedUpdates).catch((error: unknown) => {
      const failed = failedUpdates.length;
      logger.warn(
        { project, failed, reason: String(error) },
        'nobody is told of updates that failed',
      );
    });
  }
}

/** What waits now, at a moment when nobody is on his way here; null = nothing. */
async function prepare(
  context: StorageContext,
  { store, follower }: ShardUnit,
  signal: AbortSignal,
): Promise<{ readonly job: IndexJob; readonly expectedRevision: string } | null> {
  for (let times = 1; ; times++) {
    const arriving = await noneArriving(context, follower.shard, signal);
    const prepared = await follower.exclusively(async () => {
      const job = await store.prepareIndex();
      return job && { job, expectedRevision: follower.current.revision };
    });
    if (prepared === null || arriving === null || times === preparedMax) return prepared;
    const { last, arePending } = await arrivingUsers(context.pool, follower.shard);
    // What came for somebody who began to move here meanwhile may be in the job.
    if (last <= arriving && !arePending) return prepared;
  }
}

/**
 * Waits until everybody who moves here is copied: what came for his profile since must not become part of files before what
 * came before it. Answers the number of the last of these moves; null = waited too long, as where a process hangs, or for
 * one who is divided off only when such a job was done: then what was said of somebody before he came only fills in what
 * is missing.
 */
async function noneArriving(
  { pool }: StorageContext,
  shard: number,
  signal: AbortSignal,
): Promise<number | null> {
  for (let looked = 0; looked < arrivingLooksMax; looked++) {
    signal.throwIfAborted();
    const { last, arePending } = await arrivingUsers(pool, shard);
    if (!arePending) return last;
    await sleep(arrivingEveryMs);
  }
  return null;
}

async function writeFiles(
  context: StorageContext,
  job: IndexJob,
  signal: AbortSignal,
): Promise<StoredCatalogFile[]> {
  const { objects } = context;
  const generation = job.expectedVersion + 1;
  const files: StoredCatalogFile[] = [];
  for (const project of job.projects) {
    files.push(...(await writeProject(context, { job, project, generation }, signal)));
  }
  const covered = {
    shard: job.shard,
    project: 0,
    kind: 'covered' as const,
    day: null,
    generation,
  };
  files.push(await writeFile(objects, covered, { bytes: job.covered, rowCount: job.batchCount }));
  return files;
}

async function writeProject(
  { objects, rewriter }: StorageContext,
  part: { job: IndexJob; project: ProjectIndexJob; generation: number },
  signal: AbortSignal,
): Promise<StoredCatalogFile[]> {
  const { job, project: made, generation } = part;
  const { shard } = job;
  const { project } = made;
  const files: StoredCatalogFile[] = [];
  for (const kind of ['users', 'people'] as const) {
    const bytes = made[kind];
    if (bytes === null) continue;
    files.push(
      await writeFile(objects, { shard, project, kind, day: null, generation }, { bytes }),
    );
  }
  for (const { day, rows, meta } of made.days) {
    signal.throwIfAborted();
    const owner = { project, shard, day };
    const segment = await rewriter.run({ type: 'encode', owner, rows, hides: meta.hides ?? [] });
    files.push(await writeSegment(objects, { shard, project, day, generation }, segment));
  }
  return files;
}
