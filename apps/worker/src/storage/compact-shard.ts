import { commitCatalog, type StoredCatalogFile } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { workerLimits } from '../limits.ts';
import { inOrder } from './build-shard-catalog.ts';
import { planMerge } from './compaction-plan.ts';
import type { CatalogFollower } from './catalog-follower.ts';
import { writeFile, writeSegment } from './file-writer.ts';
import type { JobOutcome, ShardUnit, StorageContext } from './storage-context.ts';

const dayMs = 86_400_000;

/** Files of one kind, project and day of which one shall be made. */
export interface Merge {
  /** Oldest first. */
  readonly files: readonly StoredCatalogFile[];
  /** They are all there are. */
  readonly isWhole: boolean;
}

/** The merges that the files of a shard call for; the most urgent ones, those of most files, first. */
export function planMerges(follower: CatalogFollower, now: number): Merge[] {
  const groups = new Map<string, StoredCatalogFile[]>();
  for (const file of inOrder(follower.current)) {
    const name = `${file.kind} ${file.project} ${file.day ?? ''}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [file]);
    else group.push(file);
  }
  const merges = [...groups.values()].flatMap((files) => {
    const chosen = planMerge(files, rulesFor(files, follower, now));
    return chosen.length > 0 ? [{ files: chosen, isWhole: chosen.length === files.length }] : [];
  });
  return merges.sort((a, b) => b.files.length - a.files.length);
}

function rulesFor(files: readonly StoredCatalogFile[], follower: CatalogFollower, now: number) {
  const { compactionRowsMax: rowsMax } = workerLimits;
  const day = files[0]?.day ?? null;
  if (day === null) {
    return { countMax: workerLimits.smallFilesMax, rowsMax: Infinity, isQuiet: false };
  }
  const lastAt = Math.max(...files.map(({ key }) => follower.seenAt(key)));
  const isQuiet =
    now - (day + 1) * dayMs > workerLimits.dayQuietMs &&
    now - lastAt > workerLimits.generationQuietMs;
  return { countMax: workerLimits.generationsMax, rowsMax, isQuiet };
}

/**
 * Puts fewer, larger files in the place of many: several merges in one commit, because every version is
 * adopted by each replica. Queries keep reading the old files until then, and for a while after.
 */
export async function compactShard(
  context: StorageContext,
  unit: ShardUnit,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { databaseUrl } = context;
  const locked = await withShardLock({ databaseUrl, shard: unit.follower.shard }, (lost) =>
    compact(context, unit, AbortSignal.any([signal, lost])),
  );
  return locked?.result ?? 'busy';
}

async function compact(
  context: StorageContext,
  unit: ShardUnit,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { follower } = unit;
  const started = context.clock();
  await follower.refresh();
  const { shard, version: expectedVersion, revision: expectedRevision } = follower.current;
  const merges = planMerges(follower, started).slice(0, workerLimits.mergesPerCommit);
  if (merges.length === 0) return 'nothing';
  const add: StoredCatalogFile[] = [];
  for (const merge of merges) {
    signal.throwIfAborted();
    add.push(await mergeFiles(context, unit, merge));
    // What is done by now is worth a commit; the rest comes with the next one.
    if (context.clock() - started > workerLimits.compactionMs) break;
  }
  const replaced = merges.slice(0, add.length).flatMap(({ files }) => files);
  const { outcome, version } = await commitCatalog(context.pool, {
    shard,
    expectedVersion,
    expectedRevision,
    add,
    remove: replaced.map(({ key }) => key),
  });
  await follower.refresh();
  if (outcome === 'conflict') return 'conflict';
  context.logger.info(
    { shard, version, files: replaced.length, into: add.length, ms: context.clock() - started },
    'files are compacted',
  );
  return 'done';
}

async function mergeFiles(
  context: StorageContext,
  { store, follower }: ShardUnit,
  { files, isWhole }: Merge,
): Promise<StoredCatalogFile> {
  const { objects, rewriter } = context;
  const { shard } = follower;
  const last = files.at(-1);
  if (last === undefined) throw new Error('a merge of no files');
  const { kind, project, day, generation } = last;
  const paths = files.map(({ key }) => follower.pathOf(key));
  if (kind === 'segment' && day !== null) {
    const owner = { project, shard, day };
    const users = store.catalogUsers(project);
    const others = store.mergedWith(
      project,
      files.map(({ key }) => key),
    );
    const segments = { paths, ...others };
    const segment = await rewriter.run({ type: 'compact', owner, segments, users });
    return writeSegment(objects, { ...owner, generation }, segment);
  }
  if (kind === 'segment') throw new Error(`segment ${last.key} has no day`);
  const bytes = await rewriter.run({ type: 'merge', kind, paths, isWhole, nowMs: context.clock() });
  const rowCount = files.reduce((sum, file) => sum + file.rowCount, 0);
  return writeFile(objects, { shard, project, kind, day, generation }, { bytes, rowCount });
}
