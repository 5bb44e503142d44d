import { commitCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { type ImportUsers, rowsByDay } from '@arbor/engine/import/build-day';
import type { ImportColumns } from '@arbor/engine/import/import-columns';
import type { LearnedNames } from '@arbor/engine/import/learned-names';
import type { ShardUsers } from '@arbor/engine/import/shard-users';
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
 * Makes a chunk part of the shard in two commits of the catalog. The first gives the new users their ordinals, as
 * users without events; then days are built, which takes long and for which nothing is locked, for
 * ordinals never change. The second names the segments, one a day, and who has his first event in them.
 *
 * **Invariant:** the shard's lock is held for the moment of a commit only, so live events are indexed while an
 * import runs. What died in between left users without events and objects that nobody names; what is
 * imported twice is counted once by its duplicate keys.
 */
export async function writeChunk(context: ChunkWriterContext, chunk: Chunk): Promise<void> {
  const { builder, resolver, project, shard } = context;
  const { columns, learned, users } = chunk;
  const owner = { project, shard };
  const senders = sendersOf(columns, users.count);
  await resolver.resolve(users, senders);
  builder.tellChunk({ columns, learned });
  const own = await commitToShard(context, async (catalogUsers) => {
    const placed = resolver.usersOf(users, senders, catalogUsers);
    return {
      result: placed,
      files: await usersFiles(context, catalogUsers.takeNewUsers(owner)),
    };
  });
  const segments = await buildSegments(context, chunk, own);
  const ordinals = senders.map((user) => own.ordinals[user]);
  await commitToShard(context, async (catalogUsers, isContinued) => {
    if (!isContinued) {
      throw new Error(
        `the catalog of shard ${shard} was restored meanwhile: import the file again`,
      );
    }
    if (ordinals.some((ordinal) => catalogUsers.isErased(ordinal))) {
      throw new Error(
        `somebody in the file was erased from shard ${shard} meanwhile: import the file again`,
      );
    }
    const first = await usersFiles(context, catalogUsers.takeFirstEvents(owner, ordinals));
    return { result: undefined, files: [...first, ...segments] };
  });
}

/** The numbers of those who sent events of the chunk. */
function sendersOf({ users, rowCount }: ImportColumns, count: number): Uint32Array {
  const isSender = new Uint8Array(count);
  for (let row = 0; row < rowCount; row++) isSender[users[row]] = 1;
  let found = 0;
  for (let user = 0; user < count; user++) found += isSender[user];
  const senders = new Uint32Array(found);
  let at = 0;
  for (let user = 0; user < count; user++) if (isSender[user] === 1) senders[at++] = user;
  return senders;
}

function buildSegments(
  { builder, objects, project, shard }: ChunkWriterContext,
  { columns, sequence }: Chunk,
  users: ImportUsers,
): Promise<StoredCatalogFile[]> {
  return Promise.all(
    rowsByDay(columns).map(async ({ day, rows }) => {
      const segment = await builder.buildDay({ project, shard, day, rows, users, sequence });
      // The generation is known when the segment is committed.
      const file = { shard, project, day, generation: 0, isImported: true };
      return writeSegment(objects, file, segment);
    }),
  );
}

async function usersFiles(
  { objects, project, shard }: ChunkWriterContext,
  bytes: Uint8Array | null,
): Promise<StoredCatalogFile[]> {
  if (bytes === null) return [];
  const file = { shard, project, kind: 'users' as const, day: null, generation: 0 };
  return [await writeFile(objects, file, { bytes })];
}

type MakeFiles<Result> = (
  users: ShardUsers,
  /** Ordinals of an earlier call still hold. */
  isContinued: boolean,
) => Promise<{ readonly result: Result; readonly files: readonly StoredCatalogFile[] }>;

/**
 * Adds the files that `make` says to the catalog, under the shard's lock, and answers its result. `make` is
 * called again, with the users of then, when somebody changed the catalog in spite of the lock.
 */
async function commitToShard<Result>(
  context: ChunkWriterContext,
  make: MakeFiles<Result>,
): Promise<Result> {
  const { databaseUrl, shard, follower } = context;
  for (let attempt = 1; ; attempt++) {
    const locked = await withShardLock({ databaseUrl, shard, waitMs: bulkLimits.lockWaitMs }, () =>
      commitLocked(context, make),
    ).catch((error: unknown) => {
      follower.forget();
      throw error;
    });
    if (locked?.result.isCommitted === true) return locked.result.result;
    follower.forget();
    if (attempt < bulkLimits.attemptsMax) continue;
    throw new Error(
      locked === undefined
        ? `shard ${shard} was busy for ${bulkLimits.attemptsMax * bulkLimits.lockWaitMs} ms: import the file again later`
        : `the catalog of shard ${shard} changed at each of ${attempt} attempts: import the file again later`,
    );
  }
}

async function commitLocked<Result>(
  { pool, shard, follower }: ChunkWriterContext,
  make: MakeFiles<Result>,
): Promise<{ result: Result; isCommitted: boolean }> {
  const { version, revision, users, isContinued } = await follower.refresh();
  const { result, files } = await make(users, isContinued);
  if (files.length === 0) return { result, isCommitted: true };
  const { outcome } = await commitCatalog(pool, {
    shard,
    expectedVersion: version,
    expectedRevision: revision,
    add: files.map((file) => ({ ...file, generation: version + 1 })),
    remove: [],
  });
  if (outcome === 'conflict') return { result, isCommitted: false };
  for (const { kind, key } of files) if (kind === 'users') follower.committed(key);
  return { result, isCommitted: true };
}
