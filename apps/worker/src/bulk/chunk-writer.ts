import { commitCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { rowsByDay } from '@arbor/engine/import/build-day';
import type { ImportColumns } from '@arbor/engine/import/import-columns';
import type { LearnedNames } from '@arbor/engine/import/learned-names';
import type { ObjectStore } from '@arbor/object-store/object-store';
import type pg from 'pg';
import { writeFile, writeSegment } from '../storage/file-writer.ts';
import type { Builder } from './builder.ts';
import { bulkLimits } from './bulk-limits.ts';
import type { FileUsers, ImportUserResolver } from './import-users.ts';
import type { CatalogUsersFollower } from './shard-catalog-users.ts';

export interface ChunkWriterContext {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly objects: ObjectStore;
  readonly builder: Builder;
  readonly project: number;
  readonly shard: number;
  readonly resolver: ImportUserResolver;
  readonly follower: CatalogUsersFollower;
}

/** Events that are committed together. */
export interface Chunk {
  readonly columns: ImportColumns;
  readonly learned: LearnedNames;
  readonly users: FileUsers;
  /** Order of arrival, as the edge gives it to batches. */
  readonly sequence: number;
}

/**
 * Makes a chunk part of the shard: one segment a day and a file of the new users, in one commit of the
 * catalog. Until then nothing is changed, and objects of an import that dies are collected as garbage; what
 * is imported twice is counted once by its duplicate keys.
 */
export async function writeChunk(context: ChunkWriterContext, chunk: Chunk): Promise<void> {
  const userCount = chunk.users.count;
  await context.resolver.resolve(chunk.users);
  context.builder.tellChunk({ columns: chunk.columns, learned: chunk.learned });
  for (let attempt = 1; ; attempt++) {
    const { databaseUrl, shard, follower } = context;
    const locked = await withShardLock(
      { databaseUrl, shard, waitMs: bulkLimits.lockWaitMs },
      (lost) => writeLocked(context, { ...chunk, userCount }, lost),
    ).catch((error: unknown) => {
      follower.forget();
      throw error;
    });
    if (locked?.result === 'committed') return;
    follower.forget();
    if (attempt < bulkLimits.attemptsMax) continue;
    throw new Error(
      locked === undefined
        ? `shard ${shard} was busy for ${bulkLimits.attemptsMax * bulkLimits.lockWaitMs} ms: import the file again later`
        : `the catalog of shard ${shard} changed at each of ${attempt} attempts: import the file again later`,
    );
  }
}

async function writeLocked(
  context: ChunkWriterContext,
  chunk: Chunk & { readonly userCount: number },
  lost: AbortSignal,
): Promise<'committed' | 'conflict'> {
  const { objects, project, shard, follower } = context;
  const { version, revision, users } = await follower.refresh();
  const own = context.resolver.usersOf(chunk.users, chunk.userCount, users);
  const generation = version + 1;
  const bytes = users.takeFile({ project, shard });
  const file = { shard, project, kind: 'users' as const, day: null, generation };
  const usersFile = bytes === null ? null : await writeFile(objects, file, { bytes });
  const segments = await Promise.all(
    rowsByDay(chunk.columns).map(async ({ day, rows }): Promise<StoredCatalogFile> => {
      const task = { project, shard, day, rows, users: own, sequence: chunk.sequence };
      const segment = await context.builder.buildDay(task);
      lost.throwIfAborted();
      return writeSegment(objects, { shard, project, day, generation }, segment);
    }),
  );
  const { outcome } = await commitCatalog(context.pool, {
    shard,
    expectedVersion: version,
    expectedRevision: revision,
    add: usersFile === null ? segments : [usersFile, ...segments],
    remove: [],
  });
  if (outcome === 'committed' && usersFile !== null) follower.committed(usersFile.key);
  return outcome;
}
