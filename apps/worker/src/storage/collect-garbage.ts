import { expiredFiles, forgetFiles, knownKeys, lastPurge, readHeads } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { workerLimits } from '../limits.ts';
import { isImportedKey, shardPrefix } from './object-keys.ts';
import type { JobOutcome, StorageContext } from './storage-context.ts';

/** Keys asked for and deleted at once: what S3 takes in one request. */
const keysAtOnce = 1000;

/**
 * Deletes the objects of files that left the catalog a while ago. Only what the catalog itself calls
 * removed is touched, so two collectors, or one that is killed, do no harm.
 */
export async function collectExpired(context: StorageContext): Promise<JobOutcome> {
  const { pool, objects, logger, removedFileGraceMs, purgedFileGraceMs } = context;
  const keys = await expiredFiles(pool, removedFileGraceMs, purgedFileGraceMs);
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    const some = keys.slice(start, start + keysAtOnce);
    await objects.delete(some);
    await forgetFiles(pool, some);
  }
  if (keys.length === 0) return 'nothing';
  logger.info({ objects: keys.length }, 'removed files are deleted');
  return 'done';
}

/**
 * Deletes objects of a shard that the catalog does not know: jobs that died left them. Those younger than
 * a day may be of a job that is about to commit. The lock keeps out jobs that would use them: keys are
 * never used twice, so an object that is unknown now stays so.
 *
 * A shard that was never committed is left alone: objects of it mean that a job died before the first commit, or
 * that this is another database than the one that names them, and only the second one would be a loss.
 */
export async function collectOrphans(
  context: StorageContext,
  shard: number,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { databaseUrl, logger } = context;
  const locked = await withShardLock({ databaseUrl, shard }, async (lost) => {
    const heads = await readHeads(context.pool);
    if ((heads.get(shard)?.version ?? 0) === 0) return 'nothing';
    let count = 0;
    for await (const keys of oldKeys(context, shard)) {
      signal.throwIfAborted();
      lost.throwIfAborted();
      const known = await knownKeys(context.pool, keys);
      const orphans = keys.filter((key) => !known.has(key));
      await context.objects.delete(orphans);
      count += orphans.length;
    }
    if (count === 0) return 'nothing';
    logger.info({ shard, objects: count }, 'objects that no file of the catalog names are deleted');
    return 'done';
  });
  return locked?.result ?? 'busy';
}

/**
 * Deletes what jobs that died left of a shard from which somebody was erased, without waiting a day: it may hold him. What
 * was written before the erasure was committed is of a job for an earlier version, which can never be committed any
 * more; but for segments of an import, which are made for whatever version there is.
 */
export async function collectAbandoned(
  context: StorageContext,
  shard: number,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { pool, objects, logger } = context;
  const purgedAt = await lastPurge(pool, shard);
  if (purgedAt === null) return 'nothing';
  // Objects of this machine have its clock, as an embedded database has.
  const isHere = objects.localPath(`${shardPrefix(shard)}any`) !== null;
  const skewMs = isHere ? 0 : workerLimits.clockSkewMs;
  let count = 0;
  for await (const keys of keysBefore(context, shard, purgedAt.getTime() - skewMs)) {
    signal.throwIfAborted();
    const known = await knownKeys(pool, keys);
    const abandoned = keys.filter((key) => !known.has(key) && !isImportedKey(key));
    await objects.delete(abandoned);
    count += abandoned.length;
  }
  if (count === 0) return 'nothing';
  logger.info({ shard, objects: count }, 'objects of jobs that died before an erasure are deleted');
  return 'done';
}

function oldKeys(context: StorageContext, shard: number): AsyncIterable<string[]> {
  return keysBefore(context, shard, context.clock() - workerLimits.orphanAgeMs);
}

async function* keysBefore(
  context: StorageContext,
  shard: number,
  before: number,
): AsyncIterable<string[]> {
  let keys: string[] = [];
  for await (const { key, modifiedAt } of context.objects.list(shardPrefix(shard))) {
    if (modifiedAt.getTime() >= before) continue;
    keys.push(key);
    if (keys.length < keysAtOnce) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}
